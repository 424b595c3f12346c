@real
Feature: What a program is given
  A program starts in a folder of its own that is empty, with the environment of the runner but for
  NODE_OPTIONS. What it needs beside is said before it starts: variables, files, another folder.

  Scenario: the folder of the scenario
    Given the command has the file "settings/app.json" containing:
      """
      { "folder": "${directory}" }
      """
    When command runs `node ${file "fixtures/told.js"} folder`
    Then the command prints output matching /^(?<folder>.+)\n$/
    When command runs `node ${file "fixtures/told.js"} file settings/app.json`
    Then the command prints "{ \"folder\": \""
    When command runs `node ${file "fixtures/told.js"} files`
    Then the command prints exactly "settings\n" on stdout

  Scenario: another folder
    Given the command starts in the directory "fixtures"
    When command runs `node told.js files`
    Then the command prints "told.js\n"

  Scenario: variables
    Given a listener "echo" that echoes
    And the command "ping" has the environment variable "SERVER" set to '${listener "echo"}'
    When command "ping" runs `node ${file "fixtures/ping.js"}` successfully
    Then the command "ping" prints "answer: PING"

  Scenario: more variables, and one less
    Given a free port "web"
    And the command has the environment:
      | name    | value         |
      | LISTEN  | ${port "web"} |
      | ADDRESS | [::1]:1       |
    And the command has no environment variable "HOME"
    When command runs `node ${file "fixtures/told.js"} variables ADDRESS HOME NODE_OPTIONS`
    Then the command prints exactly:
      """
      ADDRESS=[::1]:1
      HOME=not set
      NODE_OPTIONS=not set
      """

  @seed(42)
  Scenario: what Brine tells every program
    When command runs `node ${file "fixtures/told.js"} variables BRINE_SEED`
    Then the command prints exactly "BRINE_SEED=42\n" on stdout
    When command runs `node ${file "fixtures/told.js"} arguments ${seed}`
    Then the command prints exactly "<42>\n" on stdout
