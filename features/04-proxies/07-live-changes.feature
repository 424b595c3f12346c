Feature: Faults that come, change and go
  Faults are in force from the step that names them, on open connections too, and no byte is lost or
  swapped by the change itself. A sentence said again with another value changes its fault.

  Background:
    Given a listener "echo" that echoes
    And a proxy "flaky" in front of the listener "echo"
    And a client "alice" connected to the proxy "flaky"

  @simulated
  Scenario: a delay that shrinks
    Given the proxy "flaky" delays downstream by 1 hour
    When client "alice" sends "PING"
    And 1 s passes
    And the proxy "flaky" delays downstream by 5 s
    Then client "alice" receives nothing for 3.9 s
    And client "alice" receives exactly "PING"

  @simulated
  Scenario: a fault of a table is changed by its name or kind
    Given the proxy "flaky" has the fault "latency":
      | name    | slow |
      | latency | 1 h  |
      | jitter  | 10   |
    When client "alice" sends "PING"
    And the proxy "flaky" changes the fault "slow":
      | latency | 10 ms |
    Then client "alice" receives exactly "PING"
    When the proxy "flaky" loses the fault "latency"
    And client "alice" sends "PONG"
    Then client "alice" receives exactly "PONG"

  Scenario: healing takes every fault away
    Given the proxy "flaky" delays both directions by 1 hour
    And the proxy "flaky" replaces "I" with "O" upstream
    When client "alice" sends "PING"
    And the proxy "flaky" heals
    Then client "alice" receives data matching /^P[IO]NG$/
    When client "alice" sends "PING"
    Then client "alice" receives exactly "PING"

  Scenario: healing brings it back
    When the proxy "flaky" goes down
    Then client "alice" sees connection reset
    When the proxy "flaky" heals
    And client "alice" connects to the proxy "flaky"
    And client "alice" sends "PING"
    Then client "alice" receives exactly "PING"

  Scenario: faults under load lose nothing
    Given the proxy "flaky" slices upstream into 1000 byte pieces
    When client "alice" sends 40 kB of random data in 20 chunks
    And the proxy "flaky" delays downstream by 5 ms with 3 ms of jitter
    And the proxy "flaky" limits upstream to 20 MB/s
    And the proxy "flaky" loses the fault "segments"
    And client "alice" sends 40 kB of random data in 20 chunks
    And the proxy "flaky" heals
    Then client "alice" receives everything it sent

  Scenario: faults as data, such as those of another tool
    Given the proxy "flaky" has the faults:
      """
      [
        { "type": "limit_data", "stream": "upstream", "attributes": { "bytes": 4 } },
        { "type": "noop", "name": "mark", "toxicity": 0.5 }
      ]
      """
    When client "alice" sends "PING and more"
    Then client "alice" sees end of stream
    And the proxy "flaky" used the fault "limit_data" once
    And the proxy "flaky" used the fault "mark" never

  Scenario: a conversation is recorded as the server saw it
    Given the proxy "flaky" records to "${directory}/login.pcapng"
    And the proxy "flaky" records to "${directory}/login.script"
    And the proxy "flaky" replaces "I" with "O" upstream
    When client "alice" sends "PING"
    Then client "alice" receives exactly "PONG"
