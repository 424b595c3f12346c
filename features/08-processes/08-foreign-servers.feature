@real @needs(redis-server)
Feature: A server that somebody else wrote
  A real server is started on a free port, and spoken to byte by byte. Here it is Redis, whose
  protocol is text enough to be read in a scenario.

  Background:
    Given a free port "redis"
    And a command "redis" running `redis-server --port ${port "redis"} --bind 127.0.0.1 --save "" --appendonly no --dir ${directory}`
    Then the command "redis" accepts connections on the free port "redis" within 10 s

  Scenario: PING is answered with PONG
    When client "alice" connects to the free port "redis"
    And client "alice" sends line "PING"
    Then client "alice" receives exactly "+PONG\r\n"

  Scenario: what one client sets, another client gets
    When client "alice" connects to the free port "redis"
    And client "alice" sends "*3\r\n$3\r\nSET\r\n$5\r\nbrine\r\n$3\r\n\x00\x01\x02\r\n"
    Then client "alice" receives exactly "+OK\r\n"
    When client "bob" connects to the free port "redis"
    And client "bob" sends "*2\r\n$3\r\nGET\r\n$5\r\nbrine\r\n" one byte at a time
    Then client "bob" receives exactly hex "24 33 0d 0a 00 01 02 0d 0a"

  Scenario: requests that leave together are answered in order
    When client "alice" connects to the free port "redis"
    And client "alice" sends "PING\r\nECHO one\r\nECHO two\r\n"
    Then client "alice" receives exactly "+PONG\r\n$3\r\none\r\n$3\r\ntwo\r\n"

  Scenario: a broken request is refused, and the server hangs up
    When client "alice" connects to the free port "redis"
    And client "alice" sends "*1\r\n:1\r\n"
    Then client "alice" receives data matching /^-ERR Protocol error/
    And client "alice" sees end of stream
    And the command "redis" is still running

  Scenario: stopping the server ends its connections
    When client "alice" connects to the free port "redis"
    And the command "redis" is stopped
    Then client "alice" sees end of stream within 5 s
    And the command "redis" exits successfully
