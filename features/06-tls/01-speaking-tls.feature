Feature: Speaking TLS
  A certificate lives in its scenario and nowhere else: an authority is made when it is first named,
  and nothing is ever added to what the machine trusts. A client trusts what a step says, checks
  dates, names and signatures, and sends the name it asks for.

  Background:
    Given a listener "echo" that echoes
    And a certificate "leaf" for "localhost" signed by certificate "ca"

  Scenario: an echo under TLS
    Given the listener "echo" speaks TLS with certificate "leaf"
    When client "alice" connects to the listener "echo" over TLS trusting certificate "ca"
    And client "alice" sends "under the lid"
    Then client "alice" receives "under the lid"
    And client "alice" negotiated TLS 1.3

  Scenario: a certificate that signed for itself is trusted by name
    Given a self-signed certificate "own" for "localhost"
    And the listener "echo" speaks TLS with certificate "own"
    When client "alice" connects to the listener "echo" over TLS trusting certificate "own"
    And client "alice" sends "hello"
    Then client "alice" receives "hello"

  Scenario Outline: both ends agree on <version>
    Given the listener "echo" speaks TLS with certificate "leaf"
    And the listener "echo" offers only <version>
    When client "alice" connects to the listener "echo" over TLS trusting certificate "ca"
    Then client "alice" negotiated <version>

    Examples:
      | version |
      | TLS 1.2 |
      | TLS 1.3 |

  Scenario: one cipher suite and no other
    Given the listener "echo" speaks TLS with certificate "leaf"
    And the listener "echo" offers only the cipher "TLS_CHACHA20_POLY1305_SHA256"
    When client "alice" connects to the listener "echo" over TLS trusting certificate "ca"
    And client "alice" sends "by one suite"
    Then client "alice" receives "by one suite"

  Scenario: both ends agree on a protocol, and the listener chooses
    Given the listener "echo" speaks TLS with certificate "leaf"
    And the listener "echo" offers the ALPN protocols "h2, http/1.1"
    And client "alice" offers the ALPN protocols "http/1.1, h2"
    When client "alice" connects to the listener "echo" over TLS trusting certificate "ca"
    Then client "alice" negotiated the ALPN protocol "h2"

  Scenario: no protocol in common
    Given the listener "echo" speaks TLS with certificate "leaf"
    And the listener "echo" offers the ALPN protocol "h2"
    And client "alice" offers the ALPN protocol "smtp"
    When client "alice" tries to connect to the listener "echo" over TLS trusting certificate "ca"
    Then client "alice" sees no shared ALPN protocol
    And the listener "echo" sees no shared ALPN protocol

  Scenario: another key share costs a second greeting, and nothing else
    Given the listener "echo" speaks TLS with certificate "leaf"
    And the listener "echo" asks for another key share
    When client "alice" connects to the listener "echo" over TLS trusting certificate "ca"
    And client "alice" sends "once more"
    Then client "alice" receives "once more"

  Scenario: a client shows its own certificate
    Given the listener "echo" speaks TLS with certificate "leaf"
    And the listener "echo" requires a client certificate signed by certificate "staff"
    And a certificate "me" for "alice.test" signed by certificate "staff"
    When client "alice" connects to the listener "echo" over TLS trusting certificate "ca" presenting certificate "me"
    And client "alice" sends "it is me"
    Then client "alice" receives "it is me"

  Scenario: a client that shows none is turned away
    Given the listener "echo" speaks TLS with certificate "leaf"
    And the listener "echo" requires a client certificate signed by certificate "staff"
    When client "alice" tries to connect to the listener "echo" over TLS trusting certificate "ca"
    Then the listener "echo" sees missing client certificate

  Scenario: a certificate of strangers is no better than none
    Given the listener "echo" speaks TLS with certificate "leaf"
    And the listener "echo" requires a client certificate signed by certificate "staff"
    And a certificate "me" for "mallory.test" signed by certificate "strangers"
    When client "mallory" tries to connect to the listener "echo" over TLS trusting certificate "ca" presenting certificate "me"
    Then the listener "echo" sees unknown authority

  Scenario: the second connection resumes the session of the first
    Given the listener "echo" speaks TLS with certificate "leaf"
    When client "alice" connects to the listener "echo" over TLS trusting certificate "ca"
    Then client "alice" made a full handshake
    When client "alice" sends "first"
    Then client "alice" receives "first"
    When client "alice" closes
    And client "alice" connects to the listener "echo" over TLS trusting certificate "ca"
    Then client "alice" resumed its session

  Scenario: a listener that forgets sessions costs a full handshake each time
    Given the listener "echo" speaks TLS with certificate "leaf"
    And the listener "echo" forgets every session
    When client "alice" connects to the listener "echo" over TLS trusting certificate "ca"
    And client "alice" sends "first"
    Then client "alice" receives "first"
    When client "alice" closes
    And client "alice" connects to the listener "echo" over TLS trusting certificate "ca"
    Then client "alice" made a full handshake

  Scenario: a plain conversation goes on under TLS
    Given the listener "echo" upgrades to TLS with certificate "leaf" after "STARTTLS\r\n"
    When client "alice" connects to the listener "echo"
    And client "alice" sends "in the open\r\nSTARTTLS\r\n"
    Then client "alice" receives "in the open\r\nSTARTTLS\r\n"
    When client "alice" upgrades to TLS trusting certificate "ca"
    And client "alice" sends "under the lid"
    Then client "alice" receives "under the lid"
    And client "alice" negotiated TLS 1.3
