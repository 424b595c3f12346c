Feature: Mocks from files
  A file holds mocks for a whole team: YAML or JSON, checked against a schema that editors know,
  too. `brine mock run` starts it from a shell, a scenario by its name.

  Scenario: the mock of that name, with rules that a scenario adds
    Given a mock "redis" from "examples/mocks/redis.yaml"
    And the mock "redis" answers "*1\r\n$5\r\nHELLO\r\n" with "+welcome\r\n"
    When client "alice" connects to the mock "redis"
    And client "alice" sends "*1\r\n$4\r\nPING\r\n*1\r\n$5\r\nHELLO\r\n"
    Then client "alice" receives exactly "+PONG\r\n+welcome\r\n"

  Scenario: binary frames with numbers, patterns and captures
    Given a mock "meter" from "examples/mocks/meter.yaml"
    When client "alice" connects to the mock "meter"
    And client "alice" sends hex "00 05 02 be ef 10 7f"
    Then client "alice" receives exactly hex "00 06 02 be ef 90 00 2a"

  Scenario: a file that is wrong says where
    Then this sentence fails:
      """
      a mock "mail" from "mocks/wrong.yaml"

      …wrong.yaml:5:…  mocks[0].framing: unknown framing "crfl" (did you mean "crlf"?)
      …wrong.yaml:7:…  mocks[0].rules[0].thne: unknown property (did you mean "then"?)
      """

  Scenario: a mock that is not in the file
    Then this sentence fails:
      """
      a mock "mail" from "mocks/two.yaml"

      mocks/two.yaml: there is no mock "mail", it has "left", "right"
      """
    And this sentence fails:
      """
      a mock from "mocks/none.yaml"

      file "mocks/none.yaml" not found (looked in …
      """
