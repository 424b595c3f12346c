Feature: A server made of rules
  A mock is a TCP server that a scenario makes for the program under test to talk to. It cuts what
  comes into frames, here into lines, and answers each frame by the first rule that takes it. What
  it met can be asked for afterwards. It speaks about frames without their framing: the mock sends
  `PONG` and CR LF, the steps say "PONG".

  Scenario: a frame is answered by the rule for it
    Given a mock "cache" with CRLF line framing
    And the mock "cache" greets with "+ready"
    And the mock "cache" answers "PING" with "+PONG"
    When client "alice" connects to the mock "cache"
    And client "alice" sends line "PING"
    Then client "alice" receives exactly "+ready\r\n+PONG\r\n"
    And the mock "cache" received "PING" once
    And the mock "cache" accepted 1 connection

  Scenario: an expression takes many frames, and its answer repeats what it caught
    Given a mock "mail" with CRLF line framing
    And the mock "mail" answers /^HELO (\w+)/ with "250 hello $1"
    And the mock "mail" answers /^RCPT TO:<(?<who>[^>]+)>/ with "250 $<who> costs $$1"
    When client "alice" connects to the mock "mail"
    And client "alice" sends line "HELO me"
    And client "alice" sends line "RCPT TO:<you@there>"
    Then client "alice" receives exactly "250 hello me\r\n250 you@there costs $1\r\n"

  Scenario: a pattern takes binary frames
    Given a mock "meter" with 16-bit big-endian length prefixes
    And the mock "meter" answers pattern "02 ?? 10" with hex "06"
    When client "alice" connects to the mock "meter"
    And client "alice" sends hex "00 03 02 7f 10"
    Then client "alice" receives exactly hex "00 01 06"
    And the mock "meter" received hex "02 7f 10"

  Scenario: answers keep the order of their frames, whatever waits
    Given a mock "slow" with line framing
    And the mock "slow" answers "SLOW" with "at last" after 30 ms
    And the mock "slow" answers "FAST" with "at once"
    When client "alice" connects to the mock "slow"
    And client "alice" sends "SLOW\nFAST\n"
    Then client "alice" receives exactly "at last\nat once\n"

  Scenario: a mock can stay silent, and expect it
    Given a mock "quiet" with line framing
    And the mock "quiet" never answers "HEARTBEAT"
    And the mock "quiet" answers "PING" with "PONG"
    When client "alice" connects to the mock "quiet"
    And client "alice" sends "HEARTBEAT\nPING\n"
    Then client "alice" receives exactly "PONG\n"
    And the mock "quiet" received in order:
      """
      "HEARTBEAT"
      /^PI/
      """
    And the mock "quiet" received nothing unexpected

  Scenario: what no rule takes gets an answer of its own, and is unexpected all the same
    Given a mock "mail" with CRLF line framing
    And the mock "mail" answers "QUIT" with "221 bye"
    And the mock "mail" answers anything else with "500 what?"
    And the mock "mail" is lenient
    When client "alice" connects to the mock "mail"
    And client "alice" sends "DANCE\r\nQUIT\r\n"
    Then client "alice" receives exactly "500 what?\r\n221 bye\r\n"
    And the mock "mail" did not receive "SING"

  Scenario: without framing, bytes are looked for in the whole stream
    Given a mock "sink" with no framing
    And the mock "sink" is lenient
    When client "alice" connects to the mock "sink"
    And client "alice" sends "one two three two" in 7 chunks
    Then the mock "sink" received "two" twice
    And the mock "sink" received "two"
    And the mock "sink" received "three"
    And the mock "sink" received "two"

  Scenario: rules that are added later are for the frames to come
    Given a mock "mail" with line framing
    And the mock "mail" answers "A" with "1"
    And a client "alice" connected to the mock "mail"
    When client "alice" sends "A\n"
    Then client "alice" receives exactly "1\n"
    Given the mock "mail" answers "B" with "2"
    When client "alice" sends "B\n"
    Then client "alice" receives exactly "2\n"
    And the mock "mail" received in order:
      | bytes |
      | "A"   |
      | "B"   |
