@simulated
Feature: Time that costs nothing
  On the simulated network a clock moves only when nothing else can happen. Waiting five minutes
  takes as long as saying it, and what happens in a scenario happens at exact times.

  Scenario: five minutes pass at once
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    When 5 minutes pass
    And client "alice" sends "still there?"
    Then client "alice" receives "still there?"

  Scenario: a read times out exactly when it should
    Given a simulated network with seed 7
    And a listener "silent" on any free port
    And a client "alice" connected to the listener "silent"
    And a 300 s read timeout for client "alice"
    When 299 seconds pass
    Then client "alice" is still connected
    And client "alice" sees read timeout within 2 s

  Scenario: time can be asked for
    Given a simulated network
    When 90 minutes pass
    Then it is 90 minutes since the scenario started

  Scenario: a plan says what the network is like
    Given a simulated network with the plan:
      """
      { "v": 1, "links": [{ "from": "*", "to": "*", "latency": "1s" }] }
      """
    And a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    When client "alice" sends "hello"
    Then client "alice" receives nothing for 1990 ms
    And client "alice" receives "hello" within 20 ms
