Feature: TLS through a proxy
  A proxy sees records and not what is in them. What it breaks, TLS notices: a flipped bit never
  becomes data.

  Background:
    Given a listener "safe" that echoes
    And a certificate "leaf" for "localhost" signed by certificate "ca"
    And the listener "safe" speaks TLS with certificate "leaf"
    And a proxy "flaky" in front of the listener "safe"

  Scenario: a handshake through a proxy
    When client "alice" connects to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    And client "alice" sends "secret"
    Then client "alice" receives exactly "secret"
    And nothing on the wire contains "secret"

  Scenario: a flipped bit of the handshake fails it
    Given the proxy "flaky" flips bit 3 of byte 60 downstream
    When client "alice" tries to connect to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    Then client "alice" sees handshake failure

  Scenario: a record that is left out
    Given the proxy "flaky" has the fault "tls":
      | stream | downstream  |
      | on     | clientHello |
      | do     | drop        |
    When client "alice" tries to connect to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    Then client "alice" sees handshake failure

  Scenario: plain text where a server hello should be
    Given the proxy "flaky" has the fault "inject":
      | bytes | "HTTP/1.1 400 Bad Request\r\n\r\n" |
    When client "alice" tries to connect to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    Then client "alice" sees not TLS

  Scenario: a handshake that is cut
    Given the proxy "flaky" cuts the connection after 20 bytes downstream
    When client "alice" tries to connect to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    Then client "alice" sees handshake closed

  Scenario: a connection cut later is no clean end
    When client "alice" connects to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    And client "alice" sends "PING"
    Then client "alice" receives exactly "PING"
    Given the proxy "flaky" has the fault "half_close"
    Then client "alice" sees end of stream
    And client "alice" got no close notify

  Scenario Outline: a proxy that <ends> <phase>
    Given the proxy "flaky" <ends> <phase>
    When client "alice" tries to connect to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    Then client "alice" sees <failure>

    Examples:
      | ends   | phase                   | failure          |
      | closes | before the client hello | handshake closed |
      | closes | after the client hello  | handshake closed |
      | closes | after the server hello  | handshake closed |
      | resets | before the client hello | handshake reset  |
      | resets | after the client hello  | handshake reset  |
      | resets | after the server hello  | handshake reset  |

  @simulated
  Scenario Outline: a proxy that stalls <phase> is given up
    Given the proxy "flaky" stalls <phase>
    When client "alice" tries to connect to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    Then client "alice" sees handshake timeout

    Examples:
      | phase                   |
      | before the client hello |
      | after the client hello  |
      | after the server hello  |

  Scenario: a proxy that stalls once the handshake is over
    Given the proxy "flaky" stalls after the handshake
    When client "alice" connects to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    And client "alice" sends "PING"
    Then client "alice" receives nothing for 20 ms

  Scenario Outline: <what> in place of the server hello
    Given the proxy "flaky" sends <what> after the client hello
    When client "alice" tries to connect to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    Then client "alice" sees not TLS

    Examples:
      | what       |
      | garbage    |
      | plain text |

  Scenario: an alert that the server never sent
    Given the proxy "flaky" sends the TLS alert "handshake_failure" after the client hello
    When client "alice" tries to connect to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    Then client "alice" receives the TLS alert "handshake_failure"

  Scenario: a handshake that takes its time
    Given the proxy "flaky" waits 20 ms after the client hello
    When client "alice" connects to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    And client "alice" sends "PING"
    Then client "alice" receives exactly "PING"

  Scenario Outline: a record that <what> ends the connection
    Given the proxy "flaky" <sentence>
    When client "alice" tries to connect to the listener "safe" through the proxy "flaky" over TLS trusting certificate "ca"
    Then client "alice" sees <failure>

    Examples:
      | what            | sentence                                                     | failure           |
      | has another bit | flips bit 9 of TLS record 1 downstream                       | handshake failure |
      | is left out     | drops TLS record 1 downstream                                | handshake failure |
      | comes twice     | repeats TLS record 1 downstream                              | handshake failure |
      | comes too early | swaps TLS records 1 and 2 downstream                         | handshake failure |
      | is cut          | cuts the connection 20 bytes into TLS record 1 downstream    | handshake closed  |
