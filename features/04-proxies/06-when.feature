Feature: When a fault acts
  A trigger says when a fault begins on a connection: at a byte, behind a pattern, at a message, at
  a time, in silence, at an event, or once another fault has acted. A schedule says when it is there
  at all. A target and a share say on which connections.

  Background:
    Given a listener "echo" that echoes
    And a proxy "flaky" in front of the listener "echo"

  Scenario: from a byte on
    Given the proxy "flaky" has the fault "drop":
      | trigger.byte | 4 |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PINGPONG"
    Then client "alice" receives exactly "PING"

  Scenario: behind a pattern of the other direction
    Given the proxy "flaky" has the fault "truncate":
      | stream          | downstream |
      | after           | 0          |
      | how             | close      |
      | trigger.stream  | upstream   |
      | trigger.pattern | "COMMIT"   |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "BEGIN"
    Then client "alice" receives exactly "BEGIN"
    When client "alice" sends "COM"
    Then client "alice" receives exactly "COM"
    When client "alice" sends "MIT"
    Then client "alice" sees end of stream

  Scenario: behind the second match, until another one
    Given the proxy "flaky" has the fault "corrupt":
      | mode                  | set  |
      | value                 | 42   |
      | every                 | 1    |
      | trigger.pattern       | "("  |
      | trigger.occurrence    | 2    |
      | trigger.until.pattern | ")"  |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "a(b)"
    Then client "alice" receives exactly "a(b)"
    When client "alice" sends "c("
    Then client "alice" receives exactly "c("
    When client "alice" sends "secret"
    Then client "alice" receives exactly "******"
    When client "alice" sends ")d"
    Then client "alice" receives exactly "*d"

  Scenario: for one chunk
    Given the proxy "flaky" has the fault "drop":
      | trigger.byte  | 4 |
      | trigger.times | 1 |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING"
    Then client "alice" receives exactly "PING"
    When client "alice" sends "lost"
    Then the proxy "flaky" used the fault "drop" once
    When client "alice" sends "found"
    Then client "alice" receives exactly "found"

  Scenario: at a message, a few bytes into it
    Given the proxy "flaky" has the fault "half_close":
      | trigger.message | 2    |
      | trigger.framing | crlf |
      | trigger.offset  | 3    |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "first\r\nsecond\r\n"
    Then client "alice" receives exactly "first\r\nsec"
    And client "alice" sees end of stream

  @simulated
  Scenario: at a time, counted from the first byte
    Given the proxy "flaky" has the fault "reset":
      | trigger.at    | 5 s       |
      | trigger.since | firstByte |
    And a client "alice" connected to the proxy "flaky"
    When 1 hour passes
    And client "alice" sends "PING"
    And 4 s pass
    Then client "alice" is still connected
    And client "alice" sees connection reset within 2 s

  @simulated
  Scenario: after silence
    Given the proxy "flaky" has the fault "reset":
      | stream       | upstream |
      | trigger.idle | 30 s     |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING" every 20 s 5 times
    Then client "alice" is still connected
    When 29 s pass
    Then client "alice" is still connected
    And client "alice" sees connection reset within 2 s

  Scenario: at the goodbye of the client
    Given the proxy "flaky" has the fault "inject":
      | stream         | upstream |
      | bytes          | "QUIT"   |
      | trigger.event  | fin      |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING "
    And client "alice" half-closes
    Then client "alice" receives exactly "PING QUIT"

  Scenario: after another fault has acted
    Given the proxy "flaky" has the fault "replace":
      | name    | rename |
      | stream  | upstream |
      | find    | "DROP" |
      | replace | "KEEP" |
    And the proxy "flaky" has the fault "reset":
      | trigger.after | rename |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "SELECT"
    Then client "alice" receives exactly "SELECT"
    When client "alice" sends "DROP"
    Then client "alice" sees connection reset

  Scenario: any of several
    Given the proxy "flaky" has the fault "reset":
      | stream      | upstream                                      |
      | trigger.any | [{ "pattern": "\"bye\"" }, { "byte": 100 }] |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "hello"
    Then client "alice" receives exactly "hello"
    When client "alice" sends "bye"
    Then client "alice" sees connection reset

  Scenario: on one connection of several
    Given the proxy "flaky" has the fault "close_at_accept":
      | connections.numbers | [2] |
    When client "alice" connects to the proxy "flaky"
    And client "bob" connects to the proxy "flaky"
    Then client "bob" sees end of stream
    When client "carol" connects to the proxy "flaky"
    Then client "alice" is still connected
    And client "carol" is still connected

  @simulated @seed(3)
  Scenario: on a share of the connections, by the chance of the scenario
    Given the proxy "flaky" has the fault "close_at_accept":
      | toxicity | 0.5 |
    When client "a" connects to the proxy "flaky"
    And client "b" connects to the proxy "flaky"
    And client "c" connects to the proxy "flaky"
    And client "d" connects to the proxy "flaky"
    Then the proxy "flaky" used the fault "close_at_accept" between 1 and 3 times

  @simulated
  Scenario: for a while, again and again
    Given a client "alice" connected to the proxy "flaky"
    And the proxy "flaky" has the fault "hold":
      | stream            | upstream |
      | schedule.start    | 10 s     |
      | schedule.duration | 5 s      |
      | schedule.every    | 1 minute |
      | schedule.times    | 2        |
    When client "alice" sends "before"
    Then client "alice" receives "before"
    When 11 s pass
    And client "alice" sends "during"
    Then client "alice" receives nothing for 3 s
    And client "alice" receives exactly "during"
    When 55 s pass
    And client "alice" sends "again"
    Then client "alice" receives nothing for 3 s
    And client "alice" receives exactly "again"
    When 1 hour passes
    And client "alice" sends "never more"
    Then client "alice" receives exactly "never more"
