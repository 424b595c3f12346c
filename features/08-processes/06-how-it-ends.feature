@real
Feature: How a program ends
  Every program is stopped after its scenario, with everything it has started: SIGTERM to its
  process group, and SIGKILL two seconds later to what is left. A scenario can do the same sooner,
  and say what it expects.

  Scenario: a program ends when it is asked to
    Given a free port "web"
    And a command "server" running `node ${file "fixtures/echo-server.js"} ${port "web"}`
    Then the command "server" prints "listening" within 10 s
    When the command "server" is stopped
    Then the command "server" prints "good bye"
    And the command "server" exits with code 0

  Scenario: a program does not end when it is asked to
    Given a command "stubborn" running `node ${file "fixtures/stubborn.js"}`
    Then the command "stubborn" prints "here" within 10 s
    When the command "stubborn" is sent the signal "SIGTERM"
    Then the command "stubborn" prints "I stay"
    And the command "stubborn" is still running
    When the command "stubborn" is stopped
    Then the command "stubborn" is ended by the signal "SIGKILL"

  Scenario: a program dies
    Given a command "counter" running `node ${file "fixtures/counter.js"}`
    Then the command "counter" prints "counting" within 10 s
    When the command "counter" is killed
    Then the command "counter" is ended by the signal "SIGKILL"
    And the command "counter" has not printed "0 lines"

  Scenario: a signal with a meaning
    Given a command "stubborn" running `node ${file "fixtures/stubborn.js"}`
    Then the command "stubborn" prints "here" within 10 s
    When the command "stubborn" is sent the signal "SIGHUP"
    Then the command "stubborn" prints "configuration read again"
    And the command "stubborn" is running
    When the command "stubborn" is killed

  Scenario: what a program has started ends with it
    Given a free port "web"
    And a command "family" running `node ${file "fixtures/family.js"} ${port "web"}`
    Then the command "family" prints "listening" within 10 s
    When the command "family" is stopped
    And client "alice" tries to connect to the free port "web"
    Then client "alice" sees connection refused

  Scenario: what a program has left behind can still be stopped
    A program that exits may leave another one behind that holds its output. Its exit is seen at
    once, the output of the other one is still read, and the other one is ended too.

    Given a free port "web"
    And a command "family" running `node ${file "fixtures/family.js"} ${port "web"} leave`
    Then the command "family" exits with code 0
    And the command "family" prints "listening" within 10 s
    And the command "family" accepts connections on the free port "web"
    When the command "family" is stopped
    And client "alice" tries to connect to the free port "web"
    Then client "alice" sees connection refused
