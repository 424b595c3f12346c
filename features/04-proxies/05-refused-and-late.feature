Feature: Connections that come late, or not at all
  Some faults act before the first byte: on the connection itself. They hit those that come later.

  Background:
    Given a listener "echo" that echoes
    And a proxy "door" in front of the listener "echo"

  Scenario: refused, as if nobody listened
    Given a client "early" connected to the proxy "door"
    And the proxy "door" has the fault "refuse"
    When client "alice" tries to connect to the proxy "door"
    Then client "alice" sees connection refused
    When client "early" sends "still here"
    Then client "early" receives "still here"
    When the proxy "door" loses the fault "refuse"
    And client "alice" connects to the proxy "door"
    And client "alice" sends "PING"
    Then client "alice" receives "PING"

  Scenario Outline: accepted, and ended with <how> at once
    Given the proxy "door" has the fault "close_at_accept":
      | how | <word> |
    When client "alice" tries to connect to the proxy "door"
    Then client "alice" sees <failure>
    And the listener "echo" has 0 open connections

    Examples:
      | how | word  | failure          |
      | FIN | fin   | end of stream    |
      | RST | reset | connection reset |

  @simulated
  Scenario: accepted, and read only later
    Given the proxy "door" has the fault "slow_accept":
      | delay | 1 minute |
    When client "alice" connects to the proxy "door"
    And client "alice" sends "PING"
    Then client "alice" receives nothing for 59 s
    And client "alice" receives exactly "PING"

  @simulated
  Scenario: dialled late, and no early byte is lost
    Given the proxy "door" has the fault "slow_connect":
      | delay | 10 s |
    When client "alice" connects to the proxy "door"
    And client "alice" sends "early"
    And client "alice" half-closes
    Then client "alice" receives nothing for 9 s
    And client "alice" receives exactly "early"
    And client "alice" sees end of stream

  @simulated
  Scenario: a server that is never reached
    Given the proxy "door" has the fault "never_connect"
    When client "alice" connects to the proxy "door"
    And client "alice" sends "PING"
    Then client "alice" receives nothing for 9 s
    And client "alice" sees end of stream
    And the listener "echo" has 0 open connections

  Scenario: the first attempts fail, later ones do not
    Given the proxy "door" has the fault "fail_first":
      | count | 2     |
      | how   | reset |
    When client "alice" tries to connect to the proxy "door"
    Then client "alice" sees connection reset
    When client "alice" tries to connect to the proxy "door"
    Then client "alice" sees connection reset
    When client "alice" connects to the proxy "door"
    And client "alice" sends "third time lucky"
    Then client "alice" receives "third time lucky"

  Scenario: no more than one at a time
    Given the proxy "door" has the fault "max_connections":
      | count | 1 |
    And a client "alice" connected to the proxy "door"
    When client "bob" connects to the proxy "door"
    And client "bob" sends "my turn?"
    And client "alice" sends "mine"
    Then client "alice" receives "mine"
    And the proxy "door" carried 4 bytes upstream
    When client "alice" closes
    Then client "bob" receives "my turn?"

  @simulated
  Scenario: a connection lives so long and no longer
    Given the proxy "door" has the fault "limit_time":
      | time  | 1 hour    |
      | how   | fin       |
      | since | firstByte |
    And a client "alice" connected to the proxy "door"
    When 30 minutes pass
    And client "alice" sends "PING"
    Then client "alice" receives "PING"
    When 59 minutes pass
    Then client "alice" is still connected
    And client "alice" sees end of stream within 1 minute
