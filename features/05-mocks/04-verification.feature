Feature: What a mock met, and how it is told
  A mock is strict unless something says otherwise: a frame that no rule takes, bytes that are no
  whole frame and a script that was not played to its end fail the scenario, although every step
  has passed. A failure says what came instead, which rule was nearest and what kept it from fitting.

  @simulated
  Scenario: a frame that did not come
    Given a mock "mail" with CRLF line framing
    And the mock "mail" is lenient
    And the mock "mail" greets with "220 mail.test ready"
    And the mock "mail" answers "EHLO me" with "250 STARTTLS"
    And the mock "mail" answers "LIST" with "1 message"
    And the mock "mail" answers anything else with "500 what?"
    When client "alice" connects to the mock "mail"
    And client "alice" sends line "EHLO me"
    And client "alice" receives "250 STARTTLS\r\n"
    And client "alice" sends line "list"
    And client "alice" receives "500 what?\r\n"
    And client "alice" closes
    Then this sentence fails:
      """
      the mock "mail" received "LIST"

      mock "mail" did not receive "LIST" (waited 2 s; client "alice" closed with FIN after …)
      step: the mock "mail" received "LIST"
      received 2 frames on connection 1:
      1  … "EHLO me"  rule "EHLO me"
      2  … "list" … UNMATCHED
      nearest: rule "LIST" differs at byte 0: expected 4c "L", got 6c "l"
      hint: equal when case is ignored; matching is byte-exact, use /^LIST$/i if you mean that
      wire:
      … [1] * accept
      … [1] < "220 mail.test ready"
      … [1] > "EHLO me"
      … [1] < "250 STARTTLS"
      … [1] > "list"
      … [1] < "500 what?"
      … [1] * peer closes
      seed …
      """

  Scenario: a frame that came too often, or at all
    Given a mock "mail" with line framing
    And the mock "mail" answers "LIST" with "none"
    When client "alice" connects to the mock "mail"
    And client "alice" sends "LIST\nLIST\n"
    Then the mock "mail" received "LIST" twice
    And the mock "mail" received "LIST" at most 3 times
    And this sentence fails:
      """
      the mock "mail" received "LIST" once

      mock "mail" received "LIST" exactly 2 times, expected once …
      """
    And this sentence fails:
      """
      the mock "mail" did not receive "LIST"

      mock "mail" received "LIST" exactly 2 times, expected never …
      """

  @simulated
  Scenario: nobody came
    Given a mock "mail" with line framing
    Then this sentence fails:
      """
      the mock "mail" received "LIST"

      mock "mail" did not receive "LIST" (waited 2 s; nobody connected)
      received nothing
      """
    And this sentence fails:
      """
      the mock "mail" pushes "news" to every client

      nobody is connected to mock "mail"; it accepted 0 connections
      """
    And this sentence fails:
      """
      the mock "mail" accepted 1 connection

      mock "mail" accepted 0 connections, expected 1
      """

  Scenario: frames that nothing took
    Given a mock "mail" with line framing
    And the mock "mail" is lenient
    And the mock "mail" answers "QUIT" with "bye"
    When client "alice" connects to the mock "mail"
    And client "alice" sends "QUTI\nQUI"
    And client "alice" closes
    Then this sentence fails:
      """
      the mock "mail" received nothing unexpected

      mock "mail" received "QUTI" on connection 1, which no rule takes: nearest is rule "QUIT" differs at byte 2: …
      mock "mail" was left with an incomplete frame at the end of stream (3 bytes) on connection 1
      """

  @lenient
  Scenario: a tag makes every mock of a scenario lenient
    Given a mock "mail" with line framing
    And the mock "mail" is strict
    And the mock "mail" answers "QUIT" with "bye"
    When client "alice" connects to the mock "mail"
    And client "alice" sends "DANCE\nQUIT\n"
    Then client "alice" receives exactly "bye\n"

  @strict
  Scenario: and another makes it strict, with everything else
    Given a mock "mail" with line framing
    And the mock "mail" is lenient
    And the mock "mail" answers "QUIT" with "bye"
    When client "alice" connects to the mock "mail"
    And client "alice" sends "QUIT\n"
    Then client "alice" receives exactly "bye\n"
    And the mock "mail" received nothing unexpected

  Scenario: two rules for the same frame
    Given a mock "mail" with line framing
    And the mock "mail" answers "QUIT" with "bye"
    Then this sentence fails:
      """
      the mock "mail" never answers "QUIT"

      mock "mail" has a rule for QUIT already
      """

  Scenario: names are checked
    Given a mock "mail" with line framing
    Then this sentence fails:
      """
      the mock "mial" received "LIST"

      there is no mock "mial" (did you mean "mail"? this scenario has: "mail")
      """
    And this sentence fails:
      """
      a mock "mail" with line framing

      mock "mail" already exists (defined at …)
      """
