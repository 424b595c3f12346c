Feature: A bad line, on demand
  A proxy between a client and its server makes the line slow, or breaks it at an exact byte. What
  is done about that is what a test is about. The book of proxies is features/04-proxies.

  Scenario: an answer that comes in pieces, comes late, and is cut
    Given a listener "echo" that echoes
    And a proxy "line" in front of the listener "echo"
    And the proxy "line" delays downstream by 20 ms
    And the proxy "line" slices downstream into 3 byte pieces
    And the proxy "line" cuts the connection after 9 bytes downstream
    When client "alice" connects to the proxy "line"
    And client "alice" sends "PING PONG PING"
    Then client "alice" receives exactly "PING PONG"
    And client "alice" sees end of stream
    And the proxy "line" carried 14 bytes upstream
    And the proxy "line" carried 9 bytes downstream
