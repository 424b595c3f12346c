@real
Feature: A program that serves
  A server under test gets a port that nobody else has, says or shows when it is ready, and is then
  met by Brine's clients like any other peer.

  Background:
    Given a free port "web"
    And a command "server" running `node ${file "fixtures/echo-server.js"} ${port "web"}`

  Scenario: a server that is waited for by connecting to it
    Then the command "server" accepts connections on the free port "web" within 10 s
    When client "alice" connects to the free port "web"
    And client "alice" sends "hello"
    Then client "alice" receives exactly "hello"
    And the command "server" is still running

  Scenario: a server that says when it is ready
    Then the command "server" prints output matching /listening on port (?<port>\d+)/
    And the command "server" accepts connections on the free port "web"
    When command "ping" runs `node ${file "fixtures/ping.js"} 127.0.0.1:${match "port"}` successfully
    Then the command "ping" prints "answer: PING"

  Scenario: a server that hangs for a while
    A frozen program keeps its connections and does nothing. Its peers see silence, not an end.

    Then the command "server" prints "listening" within 10 s
    Given a client "alice" connected to the free port "web"
    When the command "server" is frozen
    And client "alice" sends "are you there?"
    Then client "alice" receives nothing for 100 ms
    And client "alice" is still connected
    When the command "server" is thawed
    Then client "alice" receives "are you there?"

  Scenario: a server that goes away
    Then the command "server" prints "listening" within 10 s
    Given a client "alice" connected to the free port "web"
    When the command "server" is stopped
    Then client "alice" sees end of stream
    And the command "server" prints "good bye"
    When client "bob" tries to connect to the free port "web"
    Then client "bob" sees connection refused
