@real
Feature: Running a program
  The other side of a connection is most often a program: a server to be tested, a client to be
  tested, a tool that must cope with a bad network. A command runs it, in any language, as its
  users do. Between backticks stands the program with its arguments; no shell is involved.

  Scenario: a program runs to its end
    Given a listener "echo" that echoes
    When command "ping" runs `node ${file "fixtures/ping.js"} ${listener "echo"}`
    Then the command "ping" prints "answer: PING"
    And the command "ping" exits successfully

  Scenario: a program must succeed
    When command runs `node --version` successfully
    Then the command prints output matching /^v\d+\.\d+/

  Scenario: a program fails in the way it should
    Given a free port "nobody"
    When command "ping" runs `node ${file "fixtures/ping.js"} 127.0.0.1:${port "nobody"}`
    Then the command "ping" exits with code 3
    And the command "ping" exits with an error
    And the command "ping" prints "no answer: connect ECONNREFUSED" on stderr
    And the command "ping" prints nothing on stdout

  Scenario: a value is one argument, whatever is in it
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"
    When client "alice" sends "name: Anna's $HOME; rm -rf *"
    Then client "alice" receives data matching /name: (?<name>.*\*)/
    When command "told" runs `node ${file "fixtures/told.js"} arguments ${match "name"} '$1' a\ b "" $${x}`
    Then the command "told" prints exactly:
      """
      <Anna's $HOME; rm -rf *>
      <$1>
      <a b>
      <>
      <${x}>
      """

  Scenario: a line for the shell
    The line goes to the shell as it is. Values are still whole words there, and nothing in them
    is run.

    Given the command has the file "it's here.txt" containing:
      """
      one
      two
      """
    When command runs `cat "${directory}/it's here.txt" | tr a-z A-Z > copy.txt; cat copy.txt` in a shell
    Then the command prints exactly "ONE\nTWO" on stdout
    And the command exits with code 0

  Scenario: a program that takes its time
    Given a 30 s exit timeout for command "slow"
    And a command "slow" running `node ${file "fixtures/counter.js"}`
    Then the command "slow" prints "counting" within 10 s
    When the stdin of the command "slow" ends
    Then the command "slow" exits with code 0 within 10 s

  Scenario: the same command twice
    When command "told" runs `node ${file "fixtures/told.js"} arguments first`
    Then the command "told" prints "<first>"
    When command "told" runs `node ${file "fixtures/told.js"} arguments second`
    Then the command "told" prints exactly "<second>\n" on stdout
