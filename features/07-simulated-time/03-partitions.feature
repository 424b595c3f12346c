@simulated
Feature: Networks that break and heal
  A cut loses nothing: TCP sends again until it arrives. What ends a connection is a limit of one of
  its ends, or a host that has forgotten it.

  Background:
    Given a host "app"
    And a host "db"
    And a listener "store" that echoes
    And the listener "store" runs on host "db"
    And the client "alice" runs on host "app"
    When client "alice" connects to the listener "store"

  Scenario: what is sent during a cut arrives when it heals
    When host "app" is cut off from host "db"
    And client "alice" sends "patience"
    Then client "alice" receives nothing for 1 minute
    When host "app" can reach host "db" again
    Then client "alice" receives "patience"

  Scenario: a cut one way lets the other way live
    When host "db" can no longer reach host "app"
    And client "alice" sends "hello"
    Then client "alice" receives nothing for 10 s
    When the network heals
    Then client "alice" receives "hello"

  Scenario: a partition heals by itself
    When the network is partitioned for 2 s
    And client "alice" sends "hello"
    Then client "alice" receives nothing for 1900 ms
    And client "alice" receives "hello" within 200 ms

  Scenario: data is held back and keeps its order
    When data from host "app" to host "db" is held back
    And client "alice" sends "one"
    And client "alice" sends "two"
    Then client "alice" receives nothing for 1 s
    When data from host "app" to host "db" flows again
    Then client "alice" receives exactly "onetwo"

  Scenario: a crashed host says nothing, and after its restart answers with a reset
    When host "db" crashes
    And client "alice" sends "anybody?"
    Then client "alice" receives nothing for 5 minutes
    When host "db" restarts
    Then client "alice" sees connection reset within 2 minutes
    When client "alice" connects to the listener "store"
    And client "alice" sends "again"
    Then client "alice" receives "again"

  Scenario: a network comes to rest
    When client "alice" sends "hello"
    And the network settles
    Then client "alice" receives "hello"
    When client "alice" closes
    And the network settles
    Then nothing is pending
