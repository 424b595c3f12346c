Feature: Lines that break
  FIN, RST, silence: three ways for a line to end, each at an exact place of the stream. A proxy
  says which of them each side gets.

  Background:
    Given a listener "echo" that echoes
    And a proxy "flaky" in front of the listener "echo"

  Scenario: cut after so many bytes
    Given the proxy "flaky" cuts the connection after 4 bytes downstream
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING PONG"
    Then client "alice" receives exactly "PING"
    And client "alice" sees end of stream
    And the listener "echo" saw the events "connect, bytes, close"

  @simulated
  Scenario: reset at an age, whatever flows
    Given the proxy "flaky" resets the connection after 1 s
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING"
    Then client "alice" receives "PING"
    And client "alice" sees connection reset within 1 s
    And the listener "echo" saw the events "connect, bytes, error, close"

  Scenario: reset soon
    Given the proxy "flaky" resets the connection after 20 ms
    And a client "alice" connected to the proxy "flaky"
    Then client "alice" sees connection reset

  Scenario: half-closed by the proxy, while the answer still comes
    Given the proxy "flaky" half-closes upstream after 4 bytes
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING and more"
    Then client "alice" receives exactly "PING"
    And client "alice" sees end of stream

  Scenario: bytes beyond a limit never come
    Given the proxy "flaky" has the fault "limit_data":
      | bytes | 3 |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "0123456789"
    Then client "alice" receives exactly "012"
    And client "alice" sees end of stream

  Scenario: a stream that ends with a reset in the middle of a write
    Given the proxy "flaky" has the fault "reset_mid_write":
      | after | 100 bytes |
      | keep  | 0.5       |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends 200 bytes of "x"
    Then client "alice" sees connection reset

  Scenario: a stream cut with a reset behind its last byte
    Given the proxy "flaky" has the fault "truncate":
      | after  | 5     |
      | how    | reset |
      | settle | 20 ms |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "0123456789"
    Then client "alice" receives exactly "01234"
    And client "alice" sees connection reset

  Scenario: a reset as soon as the server speaks, as Toxiproxy does it
    Given the proxy "flaky" has the fault "reset_peer"
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING"
    Then client "alice" sees connection reset

  Scenario: a reset for one side only
    Given the proxy "flaky" has the fault "reset":
      | stream | upstream |
      | after  | 4        |
      | side   | upstream |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING PONG"
    Then client "alice" sees end of stream
    And the listener "echo" saw the events "connect, bytes, error, close"

  Scenario: bytes that nobody reads make a kernel reset
    Given the proxy "flaky" has the fault "close_unread":
      | stream | upstream |
      | after  | 0        |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "unread"
    Then client "alice" sees connection reset

  @simulated
  Scenario: half-open, since the goodbye was lost
    Given the proxy "flaky" has the fault "swallow_fin":
      | stream | upstream |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" half-closes
    And 1 hour passes
    Then the listener "echo" saw the events "connect"
    And the listener "echo" has 1 open connection

  @simulated
  Scenario: a cable that is pulled, and plugged in again
    Given a client "alice" connected to the proxy "flaky"
    And the proxy "flaky" has the fault "hold"
    When client "alice" sends "PING"
    Then client "alice" receives nothing for 1 hour
    When the proxy "flaky" loses the fault "hold"
    Then client "alice" receives exactly "PING"

  @simulated
  Scenario: what is held is let go once
    Given a client "alice" connected to the proxy "flaky"
    And the proxy "flaky" has the fault "hold"
    When client "alice" sends "one"
    Then client "alice" receives nothing for 1 s
    When the proxy "flaky" releases what it holds
    Then client "alice" receives exactly "one"
    When client "alice" sends "two"
    Then client "alice" receives nothing for 1 hour

  Scenario: a black hole swallows what it is given
    Given a client "alice" connected to the proxy "flaky"
    And the proxy "flaky" has the fault "blackhole":
      | stream | upstream |
    When client "alice" sends "lost"
    Then the proxy "flaky" used the fault "blackhole" once
    When the proxy "flaky" loses the fault "blackhole"
    And client "alice" sends "found"
    Then client "alice" receives exactly "found"

  @simulated
  Scenario: a server that no longer answers, as Toxiproxy has it
    Given the proxy "flaky" has the fault "timeout":
      | timeout | 5000 |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING"
    Then client "alice" receives nothing for 4 s
    And client "alice" sees end of stream

  Scenario: a receiver that stops reading stops its sender
    Given the proxy "flaky" has the fault "stop_reading":
      | stream | upstream |
      | after  | 0        |
    And a client "alice" connected to the proxy "flaky"
    When client "alice" sends "PING"
    Then the proxy "flaky" carried 0 bytes upstream
    When the proxy "flaky" loses the fault "stop_reading"
    Then client "alice" receives exactly "PING"
