@real @needs(redis-server) @needs(redis-cli)
Feature: Between programs that know of nothing
  A proxy between a real server and its own client shows what that client makes of a bad line.

  Background:
    Given a free port "redis"
    And a command "redis" running `redis-server --port ${port "redis"} --bind 127.0.0.1 --save "" --appendonly no --dir ${directory}`
    And the command "redis" accepts connections on the free port "redis" within 10 s
    And a proxy "line" in front of the free port "redis"

  Scenario: latency makes an answer late, and changes nothing else
    Given the proxy "line" delays both directions by 30 ms
    When command "cli" runs `redis-cli -p ${proxy "line" port} ECHO late` successfully
    Then the command "cli" prints exactly "late\n" on stdout
    And the proxy "line" used the fault "latency_upstream" once
    And the proxy "line" used the fault "latency_downstream" once

  Scenario: a narrow line carries every byte
    Given the proxy "line" limits downstream to 100 kB/s
    When command "cli" runs `redis-cli -p ${proxy "line" port} EVAL "return string.rep('x', 10000)" 0` successfully
    Then the command "cli" prints 10000 bytes of "x"
    And the proxy "line" used the fault "bandwidth" once

  Scenario: a line that is cut within an answer
    Given the proxy "line" cuts the connection after 3 bytes downstream
    When command "cli" runs `redis-cli -p ${proxy "line" port} PING`
    Then the command "cli" prints "Error: Server closed the connection"

  Scenario: a line that is reset
    Given the proxy "line" has the fault "reset":
      | stream | upstream |
      | after  | 1        |
      | side   | client   |
    When command "cli" runs `redis-cli -p ${proxy "line" port} PING`
    Then the command "cli" prints "Connection reset by peer"
    And the command "redis" is still running

  Scenario: a corrupt answer is a protocol error, and no answer
    Given the proxy "line" flips bit 6 of byte 0 downstream
    When command "cli" runs `redis-cli -p ${proxy "line" port} PING`
    Then the command "cli" prints "Protocol error"
    And the command "cli" has not printed "PONG"

  Scenario: a corrupt request is refused by the server
    Given the proxy "line" flips bit 6 of byte 0 upstream
    When command "cli" runs `redis-cli -p ${proxy "line" port} PING`
    Then the command "cli" prints "ERR"

  Scenario: pieces of one byte are no obstacle
    Given the proxy "line" slices both directions into 1 byte pieces
    When command "cli" runs `redis-cli -p ${proxy "line" port} ECHO hello` successfully
    Then the command "cli" prints exactly "hello\n" on stdout

  Scenario: a proxy that is down refuses
    When the proxy "line" goes down
    And command "cli" runs `redis-cli -p ${proxy "line" port} PING`
    Then the command "cli" prints "Connection refused"
