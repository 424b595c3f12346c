Feature: What a connector must not do
  Defects that were seen in connectors of this kind, each with the scenario that would show it.

  @D1 @I1
  Scenario: what one client wrote never reaches the service of another
    Given a listener "names" that answers with all it has received on that connection
    And a client "alice" connected to the listener "names"
    And a client "bob" connected to the listener "names"
    When client "alice" sends "al"
    And client "bob" sends "bo"
    Then client "alice" receives exactly "al"
    And client "bob" receives exactly "bo"
    When client "alice" sends "ice"
    And client "bob" sends "b"
    Then client "alice" receives exactly "alice"
    And client "bob" receives exactly "bob"

  @D2
  Scenario: closing one caller leaves the others echoing, and later ones too
    Given a listener "echo" that echoes until it is told "close me"
    And a client "alice" connected to the listener "echo"
    And a client "bob" connected to the listener "echo"
    When client "alice" sends "close me"
    Then client "alice" sees end of stream
    When client "bob" sends "still here"
    Then client "bob" receives "still here"
    When client "carol" connects to the listener "echo"
    And client "carol" sends "me too"
    Then client "carol" receives "me too"

  @D3 @B5 @I11
  Scenario: a write goes out while a read waits, and two reads get two chunks in order
    Given a listener "echo" that echoes
    And a bare client "b" connected to the listener "echo"
    When bare client "b" starts to read
    And bare client "b" starts to read
    And bare client "b" writes "one"
    Then the read of bare client "b" gives "one"
    When bare client "b" writes "two"
    Then the read of bare client "b" gives "two"

  @D4 @I8
  Scenario: closing settles a read that waits
    Given a listener "silent" on any free port
    And a bare client "b" connected to the listener "silent"
    When bare client "b" starts to read
    And bare client "b" closes
    Then the read of bare client "b" fails with ECLOSED

  @D5 @B2 @I23
  Scenario: a slow reader delays nobody and loses nothing
    Given a listener "large" that answers anything with 8388608 bytes and then "tail" twice
    And a listener "echo" that echoes
    And a client "slow" connected to the listener "large"
    And a client "quick" connected to the listener "echo"
    When client "slow" stops reading
    And client "slow" sends "go"
    And client "quick" sends "meanwhile"
    Then client "quick" receives "meanwhile"
    When client "slow" starts reading again
    Then client "slow" receives 8 MiB
    And client "slow" receives exactly "tailtail"

  @D6 @I10
  Scenario: bytes that come after a read timed out wait for the next read
    Given a listener "late" on any free port
    And a bare client "b" connected to the listener "late" with a read timeout of 20 ms
    When bare client "b" starts to read
    Then the read of bare client "b" fails with EREADTIMEOUT
    When the listener "late" writes "LATE" to every caller
    And the listener "late" writes "NEXT" to every caller
    Then bare client "b" reads "LATENEXT"

  @D7 @E9 @E10 @E11 @I3
  Scenario: callbacks of one connection never overlap and never change places
    Given a listener "numbered" whose onBytes takes a different time for every chunk
    And a client "alice" connected to the listener "numbered"
    When client "alice" sends 200 numbered lines
    Then client "alice" receives the 200 numbered lines in order
    And the callbacks of the listener "numbered" never overlapped

  @D8 @E13
  Scenario: onClose runs once when we close
    Given a listener "echo" that echoes until it is told "close me"
    And a client "alice" connected to the listener "echo"
    When client "alice" sends "close me"
    Then client "alice" sees end of stream
    And the listener "echo" saw the events "connect, bytes, close"

  @D8 @E3
  Scenario: a connection whose onConnect fails is closed
    Given a listener "broken" whose onConnect throws "not today"
    When client "alice" connects to the listener "broken"
    Then client "alice" sees end of stream
    And the listener "broken" has 0 open connections

  @D8 @DL8
  Scenario: detaching takes the attached service and no other
    Given a listener "greeter" that answers anything with "Hello"
    When an unrelated service is detached from the listener "greeter"
    Then that fails with ESTATE
    When client "alice" connects to the listener "greeter"
    And client "alice" sends "hi"
    Then client "alice" receives "Hello"

  @D8 @DL10
  Scenario: an immediate stop ends what is open
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    When the listener "echo" stops immediately
    Then client "alice" sees connection reset

  @D8 @DL9
  Scenario: a graceful stop answers what it has received before it ends
    Given a listener "slow" that answers anything with "done" after 30 ms
    And a client "alice" connected to the listener "slow"
    When client "alice" sends "work"
    And the listener "slow" has received "work"
    And the listener "slow" stops gracefully
    Then client "alice" receives exactly "done"

  @D9 @E7
  Scenario: a failing onBytes reaches onError and the listener
    Given a listener "broken" whose onBytes throws "no idea"
    And a client "alice" connected to the listener "broken"
    When client "alice" sends "anything"
    Then the listener "broken" told onError EHANDLER about onBytes
    And the listener "broken" reported EHANDLER as a handler error

  @D11 @B6
  Scenario: exact reads do not care how bytes were cut
    Given a listener "echo" that echoes
    And a bare client "b" connected to the listener "echo"
    When bare client "b" writes "hello world" one byte at a time
    Then bare client "b" reads "hello"
    And bare client "b" reads " world"

  @D12
  Scenario: a failure says its code, its phase and between whom it happened
    Given a listener "silent" on any free port
    And a bare client "b" connected to the listener "silent" with a read timeout of 20 ms
    When bare client "b" starts to read
    Then the read of bare client "b" fails with EREADTIMEOUT
    And the failure tells the phase "read" and both addresses

  @D13 @DL13
  Scenario: a peer that says nothing ends with the idle timeout
    Given a listener "bored" with an idle timeout of 30 ms
    When client "alice" connects to the listener "bored"
    Then client "alice" sees end of stream
    And the listener "bored" told onError EIDLETIMEOUT

  @D14 @E15
  Scenario: no name is looked up for a caller
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    When client "alice" sends "who am I"
    Then client "alice" receives "who am I"
    And every caller of the listener "echo" has a literal address
    And nothing was looked up

  @D15 @DL3
  Scenario: two listeners on any port know where they are
    Given a listener "one" on any free port
    And a listener "two" on any free port
    Then the listeners "one" and "two" have different ports

  @D16 @E2 @I2
  Scenario: what a server says first waits for the first read
    Given a listener "first" on any free port that answers every connection with "welcome"
    And a bare client "b" connected to the listener "first"
    When the listener "first" has written to every caller
    And 20 ms pass
    Then bare client "b" reads "welcome"

  @D17 @G2
  Scenario: a service without onConnect is refused when it is attached
    When an empty service is attached to a listener
    Then that fails with ECONFIG at the option "onConnect"

  @D18
  Scenario: looking whether somebody listens disturbs nobody
    Given a listener "echo" that echoes
    When somebody waits until the listener "echo" is listening at its address
    Then the listener "echo" saw the events "connect, close"
    And no connection is left open

  @D10
  Scenario: a client that asks for TLS never goes on without it
    Given a listener "echo" that echoes
    When a bare client tries to connect under TLS to the listener "echo"
    Then that fails with ETLSHANDSHAKE
    And no connection is left open
