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
