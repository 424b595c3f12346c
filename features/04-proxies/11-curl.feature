@real @needs(curl)
Feature: curl through a proxy
  A program is led through a proxy by its address, and tells by its exit code what it made of it.

  Background:
    Given an HTTP-over-TCP listener "web"
    And a proxy "line" in front of the listener "web"

  Scenario: a page comes through
    When command "curl" runs `curl --silent --show-error --http1.1 --data-raw "Hello World!" http://${proxy "line"}/` successfully
    Then the command "curl" prints exactly "Hello World!" on stdout

  Scenario: a status is rewritten on its way
    Given the proxy "line" replaces "200 Ok" with "503 No" downstream
    When command "curl" runs `curl --silent --show-error --fail --data-raw "x" http://${proxy "line"}/`
    Then the command "curl" exits with code 22
    And the command "curl" prints "503" on stderr

  Scenario: a body that is cut short
    Given the proxy "line" has the fault "truncate":
      | after           | 3          |
      | how             | close      |
      | trigger.pattern | "\r\n\r\n" |
    When command "curl" runs `curl --silent --show-error --data-raw "Hello World!" http://${proxy "line"}/`
    Then the command "curl" exits with code 18
    And the command "curl" prints exactly "Hel" on stdout

  Scenario: an answer that never comes
    Given the proxy "line" has the fault "blackhole"
    When command "curl" runs `curl --silent --show-error --max-time 0.2 --data-raw "x" http://${proxy "line"}/`
    Then the command "curl" exits with code 28

  Scenario: a connection that is reset
    Given the proxy "line" has the fault "reset_peer"
    When command "curl" runs `curl --silent --show-error --data-raw "x" http://${proxy "line"}/`
    Then the command "curl" exits with code 56
