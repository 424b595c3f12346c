Feature: Stopping
  A stop is gentle or it is not. A graceful stop delivers what was received, answers it, and ends
  every connection with FIN; an immediate stop resets them. Both say what they did, and afterwards
  nothing is left: no socket, no timer, no callback still to come.

  @DL9 @I25
  Scenario: a graceful stop ends connections with FIN
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    When client "alice" sends "one last thing"
    Then client "alice" receives "one last thing"
    When the listener "echo" stops gracefully
    Then client "alice" sees end of stream
    And the stop of the listener "echo" was graceful: 1 drained, 0 reset
    And the listener "echo" saw the events "connect, bytes, close"

  @DL10 @I27
  Scenario: an immediate stop resets connections
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    When the listener "echo" stops immediately
    Then client "alice" sees connection reset
    And the stop of the listener "echo" was immediate: 0 drained, 1 reset

  @DL9
  Scenario: stopping what was never started is refused in the words of the original
    When a listener that was never started is stopped gracefully
    Then that fails with ESTATE
    And the failure says "Unable to initialize the tcp listener." in the words of the original
