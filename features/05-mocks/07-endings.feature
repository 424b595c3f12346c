Feature: How a mock ends a connection
  FIN, RST and silence are three things, and a client meets each of them.

  Scenario Outline: a script ends with what is on the wire
    Given a mock "ender" with line framing
    And the mock "ender" follows the script:
      """
      > GO
      <how>
      """
    When client "alice" connects to the mock "ender"
    And client "alice" sends "GO\n"
    Then client "alice" sees <failure>
    And the mock "ender" played its whole script

    Examples:
      | how          | failure          |
      | * close      | end of stream    |
      | * half-close | end of stream    |
      | * reset      | connection reset |

  Scenario: a client that resets is seen
    Given a mock "victim" with line framing
    And the mock "victim" answers "PING" with "PONG"
    When client "alice" connects to the mock "victim"
    And client "alice" sends "PING\n"
    And client "alice" receives "PONG\n"
    And client "alice" resets the connection
    Then the mock "victim" sees connection reset

  Scenario: a file can break the connections of its mock
    Given a mock "brittle" from "mocks/faulty.yaml"
    When client "alice" connects to the mock "brittle"
    And client "alice" sends "hello\nthere\n"
    Then client "alice" receives exactly "hello\nth"
    And client "alice" sees end of stream
    When client "bob" connects to the mock "brittle"
    And client "bob" sends "hello\n"
    Then client "bob" receives exactly "hello\n"
    When client "bob" sends "STOP\n"
    Then client "bob" sees connection reset

  Scenario: nobody listens
    Given a mock "away" with line framing
    And a free port "nobody"
    When client "alice" tries to connect to the free port "nobody"
    Then client "alice" sees connection refused
    When client "bob" tries to connect to the mock "away"
    Then client "bob" is still connected

  @simulated
  Scenario: a mock on a host of its own, which crashes and comes back
    Given a host "db"
    And a mock "store" with line framing
    And the mock "store" answers "GET" with "1"
    And the mock "store" runs on host "db"
    When client "alice" connects to the mock "store"
    And client "alice" sends "GET\n"
    Then client "alice" receives exactly "1\n"
    When host "db" crashes
    And host "db" restarts
    And client "bob" connects to the mock "store"
    And client "bob" sends "GET\n"
    Then client "bob" receives exactly "1\n"
