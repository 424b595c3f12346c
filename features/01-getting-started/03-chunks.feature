Feature: Chunks are not messages
  TCP keeps the order of bytes and nothing else: what was written at once may arrive in pieces, and
  pieces may arrive at once. A scenario says how bytes are cut, and asks for bytes, never for chunks.

  Background:
    Given a listener "echo" that echoes
    And a client "alice" connected to the listener "echo"

  Scenario: one byte at a time
    When client "alice" sends "PING\r\n" one byte at a time
    Then client "alice" receives "PING\r\n"

  Scenario: in a number of chunks
    When client "alice" sends 64 KiB of "a" in 7 chunks
    Then client "alice" receives everything it sent

  Scenario: what is looked for may lie anywhere behind what was read
    When client "alice" sends "220 ready\r\n250 ok\r\n"
    Then client "alice" receives "250 ok"
    And client "alice" receives exactly "\r\n"

  Scenario: a pattern names what it captures and what it does not care about
    When client "alice" sends hex "02 7f 10 4f 4b"
    Then client "alice" receives data like pattern "02 ?? [10-1f] 'OK'"
