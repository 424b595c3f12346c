@real
Feature: What a program reads
  Bytes can be given to the stdin of a program while it runs. A program that is run to its end gets
  an empty stdin, since no step could write to it meanwhile.

  Background:
    Given a command "counter" running `node ${file "fixtures/counter.js"}`
    Then the command "counter" prints "counting" within 10 s

  Scenario: bytes in the order they are given
    When the command "counter" is given "app" on stdin
    And the command "counter" is given "les\n" on stdin
    Then the command "counter" prints "1: apples\n"

  Scenario: a script
    When the command "counter" is given on stdin:
      """
      # one literal a line
      "apples\n"
      hex "70 65 61 72 73 0a"
      "fail\n"
      """
    Then the command "counter" exits with code 7
    And the command "counter" prints "2: pears\n2 lines\n"

  Scenario: the end of stdin
    When the command "counter" is given "apples" on stdin
    And the stdin of the command "counter" ends
    Then the command "counter" exits successfully
    And the command "counter" prints "1: apples\n1 lines\n"

  Scenario: an empty stdin
    When command "other" runs `node ${file "fixtures/counter.js"}` successfully
    Then the command "other" prints exactly "counting\n0 lines\n" on stdout
