Feature: Servers that remember
  A mock has a state: a name, of each connection or of the mock as a whole. Rules may ask for it,
  actions change it. Sequences answer otherwise each time. Barriers let one connection wait for
  another. Such mocks are written in a file; the sentences say what a scenario needs of it.

  Background:
    Given a mock "lock" from "mocks/states.yaml"

  Scenario: a rule for a state comes before one without
    When client "alice" connects to the mock "lock"
    And client "alice" sends "OPEN\nUNLOCK\nOPEN\n"
    Then client "alice" receives exactly "locked\nok\nopen\n"

  Scenario: a scenario can begin in another state
    Given the mock "lock" is in state "unlocked"
    When client "alice" connects to the mock "lock"
    And client "alice" sends "OPEN\n"
    Then client "alice" receives exactly "open\n"

  Scenario: a state that nothing names is refused
    Then this sentence fails:
      """
      the mock "lock" is in state "unlokced"

      mock "lock" has no state "unlokced" (did you mean "unlocked"?); its definition names "locked", "unlocked"
      """

  Scenario: a sequence answers otherwise each time, and then stays
    When client "alice" connects to the mock "lock"
    And client "alice" sends "TRY\nTRY\nTRY\nTRY\n"
    Then client "alice" receives exactly "no\nstill no\nfine\nfine\n"

  Scenario: one connection waits for another
    Given a client "alice" connected to the mock "lock"
    And a client "bob" connected to the mock "lock"
    When client "alice" sends "WAIT FOR BOB\n"
    Then client "alice" receives nothing for 20 ms
    When client "bob" sends "HERE I AM\n"
    Then client "bob" receives exactly "seen\n"
    And client "alice" receives exactly "bob is here\n"

  Scenario: two servers keep an order that neither sees alone
    Given a mock "database" with line framing
    And the mock "database" follows the script:
      """
      > BEGIN
      * notify began
      < ok
      """
    And a mock "queue" with line framing
    And the mock "queue" follows the script:
      """
      > TAKE
      * await began
      < job 1
      """
    When client "alice" connects to the mock "queue"
    And client "alice" sends "TAKE\n"
    Then client "alice" receives nothing for 20 ms
    When client "bob" connects to the mock "database"
    And client "bob" sends "BEGIN\n"
    Then client "alice" receives exactly "job 1\n"
    And client "bob" receives exactly "ok\n"
    And the mock "queue" played its whole script
    And the mock "lock" accepted 0 connections

  Scenario: a mock pushes to one client, and to all
    Given a client "alice" connected to the mock "lock"
    And a client "bob" connected to the mock "lock"
    When the mock "lock" pushes "only you" to client "bob"
    And the mock "lock" pushes "all of you" to every client
    Then client "alice" receives exactly "all of you\n"
    And client "bob" receives exactly "only you\nall of you\n"

  Scenario: a client can have others told
    Given a client "alice" connected to the mock "lock"
    And a client "bob" connected to the mock "lock"
    When client "alice" sends "SHOUT hello\n"
    Then client "alice" receives exactly "told\n"
    And client "bob" receives exactly "1: hello\n"
