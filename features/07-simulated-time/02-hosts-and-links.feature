@simulated
Feature: Hosts and the links between them
  A simulated network has as many hosts as a scenario names, each with its own address, and between
  any two of them links that take time, carry so much, and break.

  Background:
    Given a host "app"
    And a host "db"
    And a listener "store" that echoes
    And the listener "store" runs on host "db"
    And the client "alice" runs on host "app"

  Scenario: a link takes time, each way
    Given the link between host "app" and host "db" takes 200 ms
    When client "alice" connects to the listener "store"
    And client "alice" sends "query"
    Then client "alice" receives nothing for 390 ms
    And client "alice" receives "query" within 20 ms

  Scenario: a link varies, and never swaps bytes
    Given the link between host "app" and host "db" takes 20 ms with 15 ms of jitter
    When client "alice" connects to the listener "store"
    And client "alice" sends 2 KiB of random data one byte at a time
    Then client "alice" receives everything it sent

  Scenario: a link carries so many bytes a second
    Given the link between host "app" and host "db" carries 1 KiB/s
    When client "alice" connects to the listener "store"
    And client "alice" sends 10 KiB of "x"
    Then client "alice" receives nothing for 1 s
    And client "alice" receives 10 KiB of "x" within 11 s

  Scenario: data comes in pieces
    Given the network delivers data in pieces of 1 byte
    When client "alice" connects to the listener "store"
    And client "alice" sends "PING\r\n"
    Then client "alice" receives exactly "PING\r\n"

  Scenario: one cut, at one place
    Given connection 1 is split upstream at message 0 offset -1
    When client "alice" connects to the listener "store"
    And client "alice" sends "PING\r\n"
    Then client "alice" receives exactly "PING\r\n"

  Scenario: a name points to a host
    Given the name "store.test" points to host "db"
    And a free port "nobody"
    When client "alice" tries to connect to store.test:1
    Then client "alice" sees connection refused

  Scenario: a host that never answers
    Given connections to 10.0.0.99:80 are never answered
    When client "alice" tries to connect to 10.0.0.99:80
    Then client "alice" sees connect timeout

  Scenario: a host's clock may be wrong
    Given the clock of host "db" is 5 minutes ahead
    And the clock of host "app" is 10 s behind
    When client "alice" connects to the listener "store"
    And client "alice" sends "now"
    Then client "alice" receives "now"
