Feature: Captures
  What was on the wire can be kept as a pcapng file, which Wireshark and its kin read: the bytes,
  their order and their times are as they were, and TLS can be decrypted from the file alone.

  Background:
    Given a listener "echo" that echoes

  Scenario: everything from now on, until the scenario ends
    Given a client "alice" connected to the listener "echo"
    And the wire is captured to '${directory}/run.pcapng'
    And a client "bob" connected to the listener "echo"
    When client "bob" sends "hello"
    Then client "bob" receives "hello"
    And the capture has 1 connection
    When client "alice" sends "me too"
    Then client "alice" receives "me too"
    And the capture has 2 connections

  Scenario: a mark and the steps of the scenario stand between the packets
    Given the wire is captured to '${directory}/marked.pcapng'
    And a client connected to the listener "echo"
    When the wire log is marked "before login"
    And client sends "LOGIN"
    Then client receives "LOGIN"
    And the capture has 1 connection

  Scenario: the secrets of TLS go with the capture when they are asked for
    Given the wire is captured to '${directory}/secret.pcapng'
    And the capture includes the TLS secrets
    And a client connected to the listener "echo"
    When client sends "hello"
    Then client receives "hello"
    And the capture has 1 connection

  @pcap
  Scenario: a tag keeps the capture of a whole scenario
    Given a client connected to the listener "echo"
    When client sends "hello"
    Then client receives "hello"
    And the capture has 1 connection

  Scenario: what has been on the wire so far
    Given a client connected to the listener "echo"
    When client sends "hello"
    Then client receives "hello"
    And the capture is saved as '${directory}/so-far.pcapng'

  Scenario: what has been on the wire so far, as a page to look at
    Given a client connected to the listener "echo"
    When client sends "hello"
    Then client receives "hello"
    And the timeline is saved as '${directory}/so-far.html'
