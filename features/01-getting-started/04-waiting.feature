Feature: Waiting without sleeping
  Every step that reads waits until it has seen enough, and no longer. There is no sleep: a step
  says how long it is ready to wait, or how long nothing may come.

  Background:
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"

  Scenario: a limit of its own
    When client "alice" sends "PING"
    Then client "alice" receives "PING" within 1 s

  Scenario: silence is something to ask for
    Then client "alice" receives nothing for 50 ms
    And client "alice" is still connected

  Scenario: a read that times out loses no byte
    Given a 50 ms read timeout for client "alice"
    Then client "alice" sees read timeout
    When client "alice" sends "late"
    Then client "alice" receives "late"
