Feature: Three ways to end
  A connection ends by FIN, which is polite, or by RST, which is not; and one side may finish while
  it still listens. Tests that cannot tell them apart miss the bugs that live there.

  Background:
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"

  Scenario: closing is a FIN
    When client "alice" closes
    Then the listener "echo" saw the events "connect, close"
    And the wire log contains:
      """
      * peer closes
      """

  Scenario: half-closing keeps the way back open
    When client "alice" sends "last words"
    And client "alice" half-closes
    Then client "alice" receives "last words"
    And client "alice" sees end of stream

  Scenario: a reset is a RST
    When client "alice" resets the connection
    Then the listener "echo" saw the events "connect, error, close"
    And the wire log contains:
      """
      * peer resets
      """
