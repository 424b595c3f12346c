Feature: A first conversation
  A listener waits for connections, a client opens one, and bytes go both ways.
  No port is fixed: a listener takes a free one, and the steps call it by its name.

  Scenario: bytes come back as they were sent
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    When client "alice" sends "hello"
    Then client "alice" receives "hello"

  Scenario: two clients never see each other's bytes
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    And a client "bob" connected to the listener "echo"
    When client "alice" sends "from alice"
    And client "bob" sends "from bob"
    Then client "alice" receives exactly "from alice"
    And client "bob" receives exactly "from bob"
    And the listener "echo" has 2 open connections

  Scenario: the end of a conversation is seen on both sides
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    When client "alice" sends "bye"
    Then client "alice" receives "bye"
    When client "alice" closes
    Then client "alice" is disconnected
    And the listener "echo" saw the events "connect, bytes, close"
    And no connection is left open
