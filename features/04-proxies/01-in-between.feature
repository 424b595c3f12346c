Feature: A proxy in between
  A proxy stands between a client and a server and passes every byte unchanged, until a scenario
  tells it to break something. Client and server need not know of it.

  Background:
    Given a listener "echo" that echoes
    And a proxy "flaky" in front of the listener "echo"

  Scenario: bytes pass unchanged, both ways
    When client "alice" connects to the proxy "flaky"
    And client "alice" sends "PING\r\n"
    Then client "alice" receives exactly "PING\r\n"
    And the proxy "flaky" carried 6 bytes upstream
    And the proxy "flaky" carried 6 bytes downstream

  Scenario: a half-close stays a half-close
    Given a client "alice" connected to the proxy "flaky"
    When client "alice" sends "last words"
    And client "alice" half-closes
    Then client "alice" receives "last words"
    And client "alice" sees end of stream
    And no connection is left open

  Scenario: a reset stays a reset
    Given a client "alice" connected to the proxy "flaky"
    When client "alice" resets the connection
    Then the listener "echo" saw the events "connect, error, close"

  Scenario: both sides of it are in the wire log
    When client "alice" connects to the listener "echo" through the proxy "flaky"
    And client "alice" sends "PING"
    Then client "alice" receives "PING"
    When client "alice" closes
    Then the wire log between the client "alice" and the proxy "flaky" is:
      """
      * accept
      > "PING"
      < "PING"
      * peer closes
      * close
      """
    And the wire log between the proxy "flaky" and the listener "echo" is:
      """
      * accept
      > "PING"
      < "PING"
      * peer closes
      * close
      """

  Scenario: a proxy that goes down resets what is open, and comes back where it was
    Given a client "alice" connected to the proxy "flaky"
    When the proxy "flaky" goes down
    Then client "alice" sees connection reset
    When client "bob" tries to connect to the proxy "flaky"
    Then client "bob" sees connection refused
    When the proxy "flaky" comes back
    And client "bob" connects to the proxy "flaky"
    And client "bob" sends "are you there"
    Then client "bob" receives "are you there"

  Scenario: a server may come later than the proxy before it
    Given a free port "web"
    And a proxy "early" in front of the free port "web"
    When client "alice" connects to the proxy "early"
    Then client "alice" sees end of stream
    Given a listener "web" on the free port "web" that answers every connection with "welcome"
    When client "bob" connects to the proxy "early"
    Then client "bob" receives exactly "welcome"

  Scenario: another server takes over
    Given a listener "other" on any free port that answers every connection with "other"
    And a client "alice" connected to the proxy "flaky"
    When the proxy "flaky" leads to the listener "other"
    Then client "alice" sees end of stream
    When client "alice" connects to the proxy "flaky"
    Then client "alice" receives exactly "other"
