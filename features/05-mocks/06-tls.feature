Feature: Mocks that speak TLS
  A mock shows a certificate of the scenario, at once or after the word that the protocol has for
  it. Everything that a listener can do wrong, a mock can do wrong too.

  Scenario: TLS from the first byte
    Given a mock "shop" with line framing
    And the mock "shop" answers "PING" with "PONG"
    And a certificate "leaf" for "localhost" signed by certificate "ca"
    And the mock "shop" speaks TLS with certificate "leaf"
    And the mock "shop" offers only TLS 1.2
    When client "alice" connects to the mock "shop" over TLS trusting certificate "ca"
    And client "alice" sends "PING\n"
    Then client "alice" receives exactly "PONG\n"
    And client "alice" negotiated TLS 1.2

  Scenario: STARTTLS, and a reset right behind it
    Given a self-signed certificate "leaf" for "localhost"
    And a mock "mail" with CRLF line framing
    And the mock "mail" greets with "220 ready"
    And the mock "mail" follows the script:
      """
      > expect /^EHLO (?<who>\S+)/ within 2 s
      < 250-mail.test
      < 250 STARTTLS
      ? > NOOP
      > STARTTLS
      +10 ms < 220 go ahead
      * start TLS with "leaf"
      unordered:
        > expect /^MAIL /
        > expect pattern "'RCPT ' *"
      < raw "250 ok\r"          # a broken line end
      * reset
      """
    When client "alice" connects to the mock "mail"
    And client "alice" sends line "EHLO me"
    Then client "alice" receives "250 STARTTLS\r\n"
    When client "alice" sends line "STARTTLS"
    Then client "alice" receives "220 go ahead\r\n"
    When client "alice" upgrades to TLS trusting certificate "leaf"
    And client "alice" sends "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n"
    Then client "alice" receives "250 ok\r"
    And client "alice" sees connection reset within 2 s
    And the mock "mail" played its whole script
    And no connection is left open

  Scenario: a rule that starts TLS
    Given a self-signed certificate "leaf" for "localhost"
    And a mock "mail" with CRLF line framing
    And the mock "mail" answers "STARTTLS" with "220 go ahead"
    And the mock "mail" answers "NOOP" with "250 ok"
    And the mock "mail" upgrades to TLS after "STARTTLS"
    When client "alice" connects to the mock "mail"
    And client "alice" sends line "STARTTLS"
    Then client "alice" receives exactly "220 go ahead\r\n"
    When client "alice" upgrades to TLS trusting certificate "leaf"
    And client "alice" sends line "NOOP"
    Then client "alice" receives exactly "250 ok\r\n"

  Scenario: a client must show who it is
    Given a mock "shop" with line framing
    And the mock "shop" answers "PING" with "PONG"
    And a certificate "leaf" for "localhost" signed by certificate "ca"
    And a certificate "me" for "alice.test" signed by certificate "staff"
    And the mock "shop" speaks TLS with certificate "leaf"
    And the mock "shop" requires a client certificate signed by certificate "staff"
    When client "alice" connects to the mock "shop" over TLS trusting certificate "ca" presenting certificate "me"
    And client "alice" sends "PING\n"
    Then client "alice" receives "PONG\n"
    When client "bob" tries to connect to the mock "shop" over TLS trusting certificate "ca"
    Then the mock "shop" sees missing client certificate

  Scenario: a certificate that has expired
    Given a mock "shop" with line framing
    And an expired certificate "old" for "localhost"
    And the mock "shop" speaks TLS with certificate "old"
    When client "alice" tries to connect to the mock "shop" over TLS trusting certificate "ca"
    Then client "alice" sees expired certificate
    And the mock "shop" sees handshake failure

  @simulated
  Scenario: a client that never greets
    Given a mock "shop" with line framing
    And a certificate "leaf" for "localhost" signed by certificate "ca"
    And the mock "shop" speaks TLS with certificate "leaf"
    When client "alice" connects to the mock "shop"
    Then the mock "shop" sees handshake timeout within 11 s
    And client "alice" is disconnected

  @simulated
  Scenario: a server that says nothing more in the middle
    Given a mock "shop" with line framing
    And the mock "shop" stalls after the client hello
    And a self-signed certificate "own" for "localhost"
    When client "alice" tries to connect to the mock "shop" over TLS trusting certificate "own"
    Then client "alice" sees handshake timeout

  Scenario Outline: a handshake that breaks
    Given a mock "shop" with line framing
    And a certificate "leaf" for "localhost" signed by certificate "ca"
    And the mock "shop" speaks TLS with certificate "leaf"
    And the mock "shop" <does>
    When client "alice" tries to connect to the mock "shop" over TLS trusting certificate "ca"
    Then client "alice" sees <failure>

    Examples:
      | does                                                              | failure          |
      | closes after the client hello                                     | handshake closed |
      | resets before the client hello                                    | handshake reset  |
      | sends plain text after the client hello                           | not TLS          |
      | sends the TLS alert "handshake_failure" after the client hello    | handshake failure |

  Scenario: TLS that greets a mock without TLS is told
    Given a mock "plain" with CRLF line framing
    And the mock "plain" is lenient
    And a certificate "leaf" for "localhost" signed by certificate "ca"
    And a 50 ms read timeout for client "alice"
    When client "alice" connects to the mock "plain"
    And client "alice" sends hex "16 03 01 00 05 01 00 00 01 00"
    And client "alice" closes
    Then this sentence fails:
      """
      the mock "plain" received "PING"

      mock "plain" did not receive "PING" …
      hint: a TLS ClientHello (16 03) reached this mock, which speaks no TLS at that point
      """
