Feature: The wire log
  A scenario can ask what was on the wire, and not only what a client received: who said what, in
  which order, and how it ended. The log is a script: `>` is what the client sent, `<` what came back.

  Background:
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"

  Scenario: the whole log of a client and a listener
    When client "alice" sends "PING"
    And client "alice" receives "PING"
    And client "alice" closes
    Then the wire log between the client "alice" and the listener "echo" is:
      """
      > "PING"
      < "PING"
      * peer closes
      * close
      """

  Scenario: pieces do not matter, bytes and their order do
    When client "alice" sends "PING" one byte at a time
    And client "alice" receives everything it sent
    Then the wire log between the client "alice" and the listener "echo" is:
      """
      > "PING"
      < "PING"
      """

  Scenario: a mark divides what came before from what came after
    When client "alice" sends "before"
    And client "alice" receives "before"
    And the wire log is marked "now"
    And client "alice" sends "after"
    And client "alice" receives "after"
    Then the wire log contains:
      """
      < "before"
      * mark "now"
      > "after"
      """

  Scenario: a secret never goes over the wire
    When client "alice" sends "HELLO s3"
    And client "alice" receives "s3"
    Then nothing on the wire contains "s3cret"

  Scenario: what is hidden is masked wherever the log is shown
    Given the wire log hides /PASS \S+/
    When client "alice" sends line "PASS swordfish"
    And client "alice" receives "swordfish"
    Then the wire log contains:
      """
      > "**************\r\n"
      """
    And the wire log is saved as '${directory}/login.script'

  Scenario: a conversation that must stay as it is
    When client "alice" sends line "EHLO me"
    And client "alice" receives "EHLO me\r\n"
    And client "alice" resets the connection
    Then the wire log matches the snapshot "ehlo.script"
