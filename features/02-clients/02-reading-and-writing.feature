Feature: Reading and writing
  What a client writes leaves in order, and what it reads comes in order; a write is done when the
  network has taken its bytes, and a read waits for bytes, for the end, or for its limit.

  @case-1 @B1 @B2 @B3 @B4
  Scenario: an echo server gives back what it was given
    Given a listener "echo" that echoes
    And a bare client "b" connected to the listener "echo"
    When bare client "b" writes "Hello Ballerina Echo from client"
    Then bare client "b" reads "Hello Ballerina Echo from client"
    And bare client "b" closes without a complaint

  @case-3 @A4 @C5 @B4
  Scenario: a read gives up at its timeout, and closing still succeeds
    Given a listener "silent" on any free port
    And a bare client "b" connected to the listener "silent" with a read timeout of 100 ms
    When bare client "b" writes "Do not reply"
    And bare client "b" starts to read
    Then the read of bare client "b" fails with EREADTIMEOUT
    And the failure says "Read timed out" in the words of the original
    And bare client "b" closes without a complaint

  @case-4 @C7 @E2
  Scenario: a server that closes at once ends the read, and closing still succeeds
    Given a listener "rude" that closes every connection at once
    And a bare client "b" connected to the listener "rude"
    When bare client "b" starts to read
    Then the read of bare client "b" fails with EPEERCLOSED
    And the failure says "Connection closed by the server." in the words of the original
    And bare client "b" closes without a complaint

  Scenario: writing again and again on the clock
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    When client "alice" sends "tick" every 10 ms exactly 3 times
    Then client "alice" receives exactly "tickticktick"
    And client "alice" has received "tickticktick" in total

  Scenario: a client that stops reading is not lost, and reads on where it stopped
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    When client "alice" stops reading
    And client "alice" sends "patience"
    And client "alice" starts reading again
    Then client "alice" receives "patience"
