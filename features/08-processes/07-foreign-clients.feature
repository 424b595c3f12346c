@real @needs(curl)
Feature: A client that somebody else wrote
  The best proof that a server speaks a protocol is a client that knows nothing of it. Here curl
  speaks HTTP to a service that reads HTTP out of raw bytes.

  Background:
    Given an HTTP-over-TCP listener "web"

  Scenario: curl posts a body and gets it back
    When command "curl" runs `curl --silent --show-error --http1.1 --data-raw "Hello World!" http://${listener "web"}/` successfully
    Then the command "curl" prints exactly "Hello World!" on stdout
    And the listener "web" saw the events "connect, bytes, close"

  Scenario: curl sees the header that the service wrote
    When command "curl" runs `curl --silent --show-error --include --data-raw "x" http://${listener "web"}/` successfully
    Then the command "curl" prints "HTTP/1.1 200 Ok\r\n"
    And the command "curl" prints "Content-Length: 1\r\n"

  Scenario: curl tells that nobody listens
    Given a free port "nobody"
    When command "curl" runs `curl --silent --show-error http://127.0.0.1:${port "nobody"}/`
    Then the command "curl" exits with code 7
    And the command "curl" prints "Failed to connect" on stderr
