Feature: Slow lines
  Latency, bandwidth and small pieces: nothing is lost, everything comes later. Long waits cost
  nothing here, since they pass on the clock of the simulated network.

  Background:
    Given a listener "echo" that echoes
    And a proxy "slow" in front of the listener "echo"
    And a client "alice" connected to the proxy "slow"

  @simulated
  Scenario: a delay in each direction adds up
    Given the proxy "slow" delays both directions by 500 ms
    When client "alice" sends "PING"
    Then client "alice" receives nothing for 990 ms
    And client "alice" receives exactly "PING"

  @simulated
  Scenario: jitter varies the delay and keeps the order
    Given the proxy "slow" delays downstream by 500 ms with 50 ms of jitter
    When client "alice" sends "0123456789" one byte at a time
    Then client "alice" receives nothing for 449 ms
    And client "alice" receives "0123456789" within 120 ms
    And client "alice" receives everything it sent

  Scenario: a short delay on any network
    Given the proxy "slow" delays downstream by 300 ms
    When client "alice" sends "PING"
    Then client "alice" receives nothing for 10 ms
    And client "alice" receives exactly "PING"

  @simulated
  Scenario: a rate is bytes a second, without bursts
    Given the proxy "slow" limits upstream to 16 KiB/s
    When client "alice" sends 16 KiB of "x"
    And 450 ms pass
    Then the proxy "slow" carried 6552 bytes upstream
    And client "alice" receives 16 KiB of "x" within 600 ms

  Scenario: a fast line with a rate
    Given the proxy "slow" limits both directions to 1 MB/s
    When client "alice" sends 50 kB of random data
    Then client "alice" receives everything it sent

  Scenario: pieces so small that a message is never there at once
    Given the proxy "slow" slices downstream into 1 byte pieces
    When client "alice" sends "PING\r\n"
    Then client "alice" receives exactly "PING\r\n"
    And the wire log contains:
      """
      < "P"
      < "I"
      < "N"
      < "G"
      """

  Scenario: pieces of about a size, as Toxiproxy makes them
    Given the proxy "slow" has the fault "slicer":
      | average_size   | 8 |
      | size_variation | 3 |
      | delay          | 1 |
    When client "alice" sends "a line that is longer than a slice\r\n"
    Then client "alice" receives everything it sent
    And the proxy "slow" used the fault "slicer" once

  Scenario: pieces that are collected come as one
    Given the proxy "slow" has the fault "coalesce":
      | stream | upstream |
      | size   | 10 bytes |
      | time   | 1 h      |
    When client "alice" sends "0123456789" one byte at a time
    Then client "alice" receives exactly "0123456789"
    And the wire log contains:
      """
      > "0123456789"
      """

  @simulated
  Scenario: a line that stops and starts
    Given the proxy "slow" has the fault "throttle_burst":
      | hold | 2 s |
    When client "alice" sends "one"
    And client "alice" sends "two"
    Then client "alice" receives nothing for 1.9 s
    And client "alice" receives exactly "onetwo"

  @simulated
  Scenario: what lost packets look like: late, and never missing
    Given the proxy "slow" has the fault "retransmit":
      | probability | 0.5    |
      | delay       | 200 ms |
      | max         | 3      |
    When client "alice" sends "0123456789" every 10 ms 20 times
    And 10 s pass
    Then client "alice" receives everything it sent
    And the proxy "slow" used the fault "retransmit" once

  @simulated
  Scenario: a goodbye that takes its time
    Given the proxy "slow" has the fault "slow_close":
      | stream | upstream |
      | delay  | 30 s     |
    When client "alice" sends "last words"
    And client "alice" half-closes
    Then client "alice" receives "last words"
    And client "alice" receives nothing for 29 s
    And client "alice" sees end of stream
