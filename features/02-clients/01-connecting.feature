Feature: Connecting
  A client exists only connected: the step that opens it waits for the result and fails when there
  is none. A scenario that expects the failure tries, and then says which failure it sees.

  Scenario: to a listener by its name
    Given a listener "echo" that echoes
    When client "alice" connects to the listener "echo"
    Then client "alice" is connected

  Scenario: nobody listens
    Given a free port "nobody"
    When client "alice" tries to connect to the free port "nobody"
    Then client "alice" sees connection refused

  Scenario: a listener that has stopped accepting refuses the next client and keeps the first
    Given a listener "echo" that echoes
    And a client "early" connected to the listener "echo"
    When the listener "echo" stops accepting connections
    And client "late" tries to connect to the listener "echo"
    Then client "late" sees connection refused
    When client "early" sends "still here"
    Then client "early" receives "still here"

  @case-2 @A3 @C2
  Scenario: a local address that is not ours is refused, and said so
    Given a listener "echo" that echoes
    When a bare client tries to connect to the listener "echo" from the local host "invalid"
    Then that fails with EADDRNOTAVAIL at the option "localHost"
