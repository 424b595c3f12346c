Feature: Bytes in words
  TCP carries bytes, so a scenario must be able to say any byte exactly.
  Text is UTF-8 with the usual escapes; hex and base64 say what has no text; files, lines and
  repetitions say what is long.

  Background:
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"

  Scenario Outline: <form> says bytes
    When client "alice" sends <literal>
    Then client "alice" receives exactly hex "<bytes>"

    Examples:
      | form       | literal              | bytes                |
      | text       | "PING"               | 50 49 4e 47          |
      | an escape  | "a\\tb\\x00\\xff"    | 61 09 62 00 ff       |
      | UTF-8      | "é"                  | c3 a9                |
      | hex        | hex "de ad be ef"    | de ad be ef          |
      | base64     | base64 "AQID"        | 01 02 03             |
      | a line     | line "QUIT"          | 51 55 49 54 0d 0a    |
      | repetition | 4 bytes of hex "c0"  | c0 c0 c0 c0          |

  Scenario: a long message is said by its size
    When client "alice" sends 64 KiB of "abc"
    Then client "alice" receives 64 KiB

  Scenario: bytes of chance come back as well
    When client "alice" sends 16 KiB of random data
    Then client "alice" receives everything it sent

  Scenario: several literals are joined, one a line
    When client "alice" sends:
      """
      # a header, then its body
      hex "00 05"
      "hello"
      """
    Then client "alice" receives exactly hex "00 05 68 65 6c 6c 6f"
