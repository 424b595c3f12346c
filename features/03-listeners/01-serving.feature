Feature: Serving
  A listener calls back: onConnect once per connection, onBytes for what arrives, onClose at the
  end, one at a time and in order. Bytes that onBytes returns are written back.

  @case-5 @E16
  Scenario: a caller can be written to directly
    Given a listener "echo" that echoes through its caller
    And a client "alice" connected to the listener "echo"
    When client "alice" sends 84 bytes of "x"
    Then client "alice" receives exactly 84 bytes of "x"

  @case-6 @B3 @E18
  Scenario: an answer far larger than any buffer arrives whole
    Given a listener "large" that answers anything with 8000001 bytes, the last being "a"
    And a bare client "b" connected to the listener "large"
    When bare client "b" writes "go"
    Then bare client "b" reads 8000001 bytes, the last being "a"

  @case-7 @DL8 @DL9 @DL11 @E15
  Scenario: a listener stops, gets another service, and starts again on its port
    Given a free port "greeter"
    And a listener "greeter" on the free port "greeter" that answers anything with "Hello"
    And a client "before" connected to the listener "greeter"
    When client "before" sends "hi"
    Then client "before" receives "Hello"
    When the listener "greeter" stops gracefully
    And the listener "greeter" is given a service that answers anything with "Hi"
    And the listener "greeter" starts again on its port
    And client "after" connects to the listener "greeter"
    And client "after" sends "hi"
    Then client "after" receives exactly "Hi"
    And every caller of the listener "greeter" had an id

  @case-7 @DL8
  Scenario: detaching a service that was never attached is refused
    Given a listener "greeter" that answers anything with "Hello"
    When an unrelated service is detached from the listener "greeter"
    Then that fails with ESTATE

  @case-9 @E7
  Scenario: a callback that fails is reported, and the connection lives on
    Given a listener "broken" whose onBytes throws "no idea"
    And a client "alice" connected to the listener "broken"
    When client "alice" sends "anything"
    Then the listener "broken" told onError EHANDLER about onBytes
    And client "alice" is still connected
    When client "alice" closes
    Then the listener "broken" saw the events "connect, bytes, error, close"
