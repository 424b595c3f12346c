Feature: A server made up
  A program under test needs somebody to talk to. A mock is a server made of rules: it greets,
  answers frame by frame, and knows afterwards what it met. What nobody expected fails the scenario.

  Scenario: a mail server in four lines
    Given a mock "mail" with CRLF line framing
    And the mock "mail" greets with "220 ready"
    And the mock "mail" answers /^HELO (\S+)/ with "250 hello $1"
    And the mock "mail" answers "QUIT" with "221 bye"
    When client "alice" connects to the mock "mail"
    And client "alice" sends "HELO me\r\nQUIT\r\n"
    Then client "alice" receives exactly "220 ready\r\n250 hello me\r\n221 bye\r\n"
    And the mock "mail" received "QUIT" once
