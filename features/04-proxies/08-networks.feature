@simulated
Feature: Networks by name
  A profile is what a kind of network is like: rates, delays and losses in both directions. Another
  one takes its place. On the simulated network a proxy may also stand on a host of its own.

  Background:
    Given a listener "echo" that echoes
    And a proxy "line" in front of the listener "echo"

  Scenario Outline: <what> network takes its time
    Given the proxy "line" behaves like <what> network
    And a client "alice" connected to the proxy "line"
    When client "alice" sends "PING"
    Then client "alice" receives nothing for <least>
    And client "alice" receives "PING" within <more>

    Examples:
      | what          | least  | more   |
      | a "3g"        | 150 ms | 700 ms |
      | an "edge"     | 500 ms | 1 s    |
      | a "satellite" | 450 ms | 400 ms |
      | a "cable"     | 20 ms  | 20 ms  |

  Scenario: out of coverage, and back
    Given a client "alice" connected to the proxy "line"
    And the proxy "line" behaves like an "offline" network
    When client "alice" sends "PING"
    Then client "alice" receives nothing for 1 hour
    When the proxy "line" behaves like a "wifi" network
    Then client "alice" receives exactly "PING"

  Scenario: a proxy on a host of its own
    Given a host "edge"
    And a host "db"
    And the proxy "line" runs on host "edge"
    And the listener "echo" runs on host "db"
    And the link between host "local" and host "edge" takes 100 ms
    And the link between host "edge" and host "db" takes 100 ms
    When client "alice" connects to the listener "echo" through the proxy "line"
    And client "alice" sends "PING"
    Then client "alice" receives nothing for 390 ms
    And client "alice" receives exactly "PING"
