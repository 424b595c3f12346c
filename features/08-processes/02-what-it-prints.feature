@real
Feature: What a program prints
  Output is read all the time and kept as bytes. A step waits until it holds what was asked for,
  and goes on behind it; each channel has a place of its own, and "output" is both channels in the
  order in which they came. When the program has ended and the bytes are not there, nothing is
  waited for any longer.

  Background:
    Given the command "counter" starts in the directory "fixtures"
    And a command "counter" running `node counter.js`
    Then the command "counter" prints "counting\n" within 10 s

  Scenario: one after the other
    When the command "counter" is given "apples\npears\n" on stdin
    Then the command "counter" prints "1: apples\n"
    And the command "counter" prints "2: pears\n"

  Scenario: on one channel
    When the command "counter" is given "apples\nquit\n" on stdin
    Then the command "counter" prints "1: apples" on stdout
    And the command "counter" prints "1 lines" on output
    And the command "counter" prints nothing on stderr

  Scenario: what is not known before is matched, and used again
    When the command "counter" is given "apples\n" on stdin
    Then the command "counter" prints output matching /(?<number>\d+): (?<fruit>\w+)/
    When command "told" runs `node ${file "fixtures/told.js"} arguments ${match "fruit"} ${match "number"}`
    Then the command "told" prints "<apples>\n<1>\n"

  Scenario: several lines, whatever ends them
    When the command "counter" is given "apples\npears\nplums\n" on stdin
    Then the command "counter" prints:
      """
      2: pears
      3: plums
      """

  Scenario: everything, as text
    When the command "counter" is given "apples\nquit\n" on stdin
    Then the command "counter" prints exactly:
      """
      counting
      1: apples
      1 lines
      """

  Scenario: everything, byte by byte
    When the command "counter" is given "quit\n" on stdin
    Then the command "counter" prints exactly "counting\n0 lines\n" on stdout
    And the command "counter" prints exactly "" on stderr

  Scenario: what must not be said
    When the command "counter" is given "my password is \"secret\"\n" on stdin
    Then the command "counter" prints "1: my"
    And the command "counter" has not printed "2:"
