Feature: A server that follows a script
  A script is a conversation, line by line: `>` comes to the mock, `<` leaves it, `*` is anything
  else. Every connection plays it from its beginning. A frame that fits no line of the script goes
  to the rules, which are there for chatter.

  Scenario: a conversation from the greeting to the end
    Given a mock "mail" with CRLF line framing
    And the mock "mail" follows the script:
      """
      < 220 mail.test ready
      > expect /^EHLO (?<who>\S+)/ within 2 s
      < 250-mail.test
      +10 ms < 250 SIZE 1000
      ? > NOOP                       # may be left out
      unordered:
        > /^MAIL /
        > pattern "'RCPT ' *"
      < raw "250 ok\r"               # a broken line end
      * close
      """
    When client "alice" connects to the mock "mail"
    Then client "alice" receives "220 mail.test ready\r\n"
    When client "alice" sends line "EHLO me"
    Then client "alice" receives exactly "250-mail.test\r\n250 SIZE 1000\r\n"
    When client "alice" sends "RCPT TO:<c@d>\r\nMAIL FROM:<a@b>\r\n"
    Then client "alice" receives exactly "250 ok\r"
    And client "alice" sees end of stream
    And the mock "mail" played its whole script

  Scenario: a script as a table
    Given a mock "turns" with line framing
    And the mock "turns" follows the script:
      | direction | bytes        | after |
      | <         | "your turn"  |       |
      | >         | /^\d+$/      |       |
      | <         | "mine"       | 5 ms  |
      | *         | peer closes  |       |
    When client "alice" connects to the mock "turns"
    Then client "alice" receives "your turn\n"
    When client "alice" sends "42\n"
    Then client "alice" receives "mine\n"
    When client "alice" closes
    Then the mock "turns" played its whole script

  Scenario: without framing a script matches on the stream, however it is cut
    Given a mock "ssh" with no framing
    And the mock "ssh" follows the script:
      """
      < "SSH-2.0-mock\r\n"
      > /^SSH-2\.0-\S+\r\n/
      > hex "00 01 02"
      < "done"
      """
    When client "alice" connects to the mock "ssh"
    And client "alice" sends "SSH-2.0-me\r\n\x00\x01\x02" one byte at a time
    Then client "alice" receives exactly "SSH-2.0-mock\r\ndone"
    And the mock "ssh" played its whole script

  Scenario: chatter between the lines of a script is for rules
    Given a mock "chatty" with line framing
    And the mock "chatty" answers "NOOP" with "ok"
    And the mock "chatty" follows the script:
      """
      repeat 2 times:
        > NEXT
        < here
      """
    When client "alice" connects to the mock "chatty"
    And client "alice" sends "NEXT\nNOOP\nNOOP\nNEXT\n"
    Then client "alice" receives exactly "here\nok\nok\nhere\n"
    And the mock "chatty" played its whole script
    And the mock "chatty" received nothing unexpected

  Scenario: a recording plays the part of the server
    Given a mock "login" from recording "recordings/login.script"
    When client "alice" connects to the mock "login"
    Then client "alice" receives "login: "
    When client "alice" sends "alice\n"
    Then client "alice" receives exactly "welcome, alice\n"
    And the wire log between the client "alice" and the mock "login" is:
      """
      * accept
      < "login: "
      > "alice\n"
      < "welcome, alice\n"
      """

  @simulated
  Scenario: what a client did not say is told by the line that waits for it
    Given a mock "mail" with CRLF line framing
    And the mock "mail" is lenient
    And the mock "mail" follows the script:
      """
      < 220 ready
      > /^EHLO /
      < 250 ok
      > QUIT
      """
    When client "alice" connects to the mock "mail"
    And client "alice" sends "EHLO me\r\nSTOP\r\n"
    Then this sentence fails:
      """
      the mock "mail" played its whole script

      mock "mail" did not play its whole script: stopped at line 4 waiting for "QUIT", got "STOP" (waited …)
      step: the mock "mail" played its whole script
      received 2 frames on connection 1:
      1  … "EHLO me"  script turn 2
      2  … "STOP" … UNMATCHED
      wire:
      … [1] * accept
      … [1] < "220 ready"
      … [1] > "EHLO me"
      """
