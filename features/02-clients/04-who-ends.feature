Feature: Who ends a connection, and how
  FIN and RST are two things. A client tells which of them it met, and a failure that no sentence
  asked for fails a scenario that is strict.

  Background:
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"

  Scenario: the listener closes every connection
    Given a client "bob" connected to the listener "echo"
    When the listener "echo" closes every connection
    Then client "alice" sees end of stream
    And client "bob" is disconnected
    And no connection is left open

  @strict
  Scenario: a FIN of the peer is no failure
    When the listener "echo" closes every connection
    Then client "alice" is disconnected

  @strict @simulated
  Scenario: a read timeout that was asked for is no surprise
    Given a 20 ms read timeout for client "alice"
    When client "alice" stops reading
    And client "alice" starts reading again
    Then client "alice" sees timeout
    And client "alice" is still connected

  Scenario: what came before the end is still there to read
    When client "alice" sends "last words"
    And client "alice" half-closes
    Then client "alice" sees end of stream
    And client "alice" receives exactly "last words"
