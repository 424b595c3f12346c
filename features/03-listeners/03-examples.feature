Feature: Small servers, built on the listener
  HTTP and a chat, written in a few lines over raw bytes, as people do when they learn a connector.

  @case-47 @E7
  Scenario: HTTP over TCP answers a POST with its body
    Given an HTTP-over-TCP listener "web"
    And a client "alice" connected to the listener "web"
    When client "alice" sends:
      """
      line "POST / HTTP/1.1"
      line "Host: localhost"
      line "Content-Length: 12"
      line ""
      "Hello World!"
      """
    Then client "alice" receives:
      """
      line "HTTP/1.1 200 Ok"
      line "Content-Type:text/plain"
      line "Content-Length: 12"
      line ""
      "Hello World!"
      """

  @case-48 @E6 @I5
  Scenario Outline: a request may come in any number of chunks, and is answered once
    Given an HTTP-over-TCP listener "web"
    And a client "alice" connected to the listener "web"
    When client "alice" sends "POST / HTTP/1.1\r\nContent-Length: 12\r\n\r\nHello World!" in <chunks> chunks
    Then client "alice" receives exactly "HTTP/1.1 200 Ok\r\nContent-Type:text/plain\r\nContent-Length: 12\r\n\r\nHello World!"

    Examples:
      | chunks |
      | 1      |
      | 2      |
      | 7      |
      | 51     |

  @case-49 @E7
  Scenario: bytes that are not text are refused
    Given an HTTP-over-TCP listener "web"
    And a client "alice" connected to the listener "web"
    When client "alice" sends hex "ff fe fd 0d 0a 0d 0a"
    Then client "alice" receives "HTTP/1.1 404 Bad Request\r\n"
    And client "alice" receives "Connection: close\r\n"

  @case-50 @B3 @B6
  Scenario: an HTTP client reads as many bytes as it was promised, and the rest stays for the next read
    Given a listener "web" on any free port that answers every connection with "HTTP/1.1 200 Ok\r\nContent-Length: 5\r\n\r\nhelloNEXT"
    And a bare client "b" connected to the listener "web"
    When bare client "b" reads a header and then as many bytes as its Content-Length says
    Then the body of bare client "b" is "hello"
    And bare client "b" reads "NEXT"

  @case-51 @E2
  Scenario: a chat speaks first
    Given a chat listener "room"
    When client "alice" connects to the listener "room"
    Then client "alice" receives exactly "Welcome!,\r\nSend your first message: \r\n"

  @case-52 @E1 @E15 @I1
  Scenario: a chat tells everybody, counts once, and forgets who left
    Given a chat listener "room"
    And a client "alice" connected to the listener "room"
    And a client "bob" connected to the listener "room"
    When client "alice" sends "hel"
    And client "alice" sends "lo\r\n\r\n"
    Then client "alice" receives "Message #1: hello\r\nNew message:\r\n"
    And client "bob" receives "Message #1: hello\r\nNew message:\r\n"
    When client "alice" closes
    Then the listener "room" has 1 open connection
    When client "bob" sends line "alone?"
    Then client "bob" receives exactly "Message #2: alone?\r\nNew message:\r\n"
