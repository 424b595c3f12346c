Feature: Bytes that change on their way
  A proxy may flip a bit, rewrite, leave out, repeat or reorder, at an exact place or by chance. The
  chance of a scenario follows from its seed, so what failed once fails again.

  Background:
    Given a listener "echo" that echoes
    And a proxy "flaky" in front of the listener "echo"

  Scenario: one bit of one byte
    Given the proxy "flaky" flips bit 0 of byte 1 downstream
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING"
    Then client "alice" receives exactly "PHNG"

  Scenario: a word is rewritten, also where a chunk ends within it
    Given the proxy "flaky" replaces "STARTTLS" with "XXXXXXXX" downstream
    And the proxy "flaky" replaces "250-" with "" downstream
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "250-STARTTLS\r\n" one byte at a time
    Then client "alice" receives exactly "XXXXXXXX\r\n"

  Scenario: whole chunks vanish
    Given a client "alice" connected to the proxy "flaky"
    And the proxy "flaky" drops 100% of the chunks downstream
    When client "alice" sends "lost"
    Then the proxy "flaky" used the fault "drop" once
    And the proxy "flaky" carried 4 bytes upstream
    And the proxy "flaky" carried 0 bytes downstream

  @simulated @seed(7)
  Scenario: every tenth chunk or so vanishes
    Given a client "alice" connected to the proxy "flaky"
    And the proxy "flaky" drops 10% of the chunks upstream
    When client "alice" sends "0123456789" every 10 ms 30 times
    Then the proxy "flaky" carried 270 bytes upstream

  Scenario: a range of bytes is left out
    Given the proxy "flaky" has the fault "drop":
      | stream | upstream |
      | unit   | byte     |
      | from   | 2        |
      | length | 5        |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "0123456789"
    Then client "alice" receives exactly "01789"

  Scenario: every nth byte is another one
    Given the proxy "flaky" has the fault "corrupt":
      | mode  | xor |
      | value | 255 |
      | every | 4   |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends hex "00 00 00 00 00 00 00 00"
    Then client "alice" receives exactly hex "00 00 00 ff 00 00 00 ff"

  Scenario: bytes that nobody sent
    Given the proxy "flaky" has the fault "inject":
      | bytes  | "* BYE\r\n" |
      | offset | 0           |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING\r\n"
    Then client "alice" receives exactly "* BYE\r\nPING\r\n"

  Scenario: a message that comes twice
    Given the proxy "flaky" has the fault "duplicate":
      | stream  | upstream |
      | unit    | message  |
      | framing | crlf     |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "DEBIT 100\r\n" in 2 chunks
    Then client "alice" receives exactly "DEBIT 100\r\nDEBIT 100\r\n"

  Scenario: two messages that change places
    Given the proxy "flaky" has the fault "swap":
      | framing | crlf |
      | message | 1    |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "one\r\ntwo\r\nthree\r\n"
    Then client "alice" receives exactly "two\r\none\r\nthree\r\n"

  @simulated
  Scenario: chunks that vanish in rows
    Given a client "alice" connected to the proxy "flaky"
    And the proxy "flaky" has the fault "packet_loss":
      | stream    | upstream |
      | loss_rate | 1        |
    When client "alice" sends "gone"
    Then client "alice" receives nothing for 1 hour
    When the proxy "flaky" changes the fault "packet_loss":
      | loss_rate | 0 |
    And client "alice" sends "here"
    Then client "alice" receives exactly "here"

  Scenario: a fault that does nothing is there all the same
    Given the proxy "flaky" has the fault "noop"
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING"
    Then client "alice" receives exactly "PING"
    When the proxy "flaky" loses the fault "noop"
