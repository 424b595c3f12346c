Feature: Handshakes that break on purpose
  A listener can break TLS at every phase of its handshake. What a client tells of it is the same on
  every network and every Node, and comes within its deadline.

  Background:
    Given a listener "rude" that echoes
    And a certificate "leaf" for "localhost" signed by certificate "ca"
    And the listener "rude" speaks TLS with certificate "leaf"

  @simulated
  Scenario Outline: a listener that stalls <phase> is given up
    Given the listener "rude" stalls <phase>
    When client "alice" tries to connect to the listener "rude" over TLS trusting certificate "ca"
    Then client "alice" sees handshake timeout

    Examples:
      | phase                   |
      | before the client hello |
      | after the client hello  |
      | after the server hello  |

  Scenario Outline: a listener that <ends> <phase> is told apart from one that does otherwise
    Given the listener "rude" <ends> <phase>
    When client "alice" tries to connect to the listener "rude" over TLS trusting certificate "ca"
    Then client "alice" sees <failure>

    Examples:
      | ends   | phase                   | failure          |
      | closes | before the client hello | handshake closed |
      | closes | after the client hello  | handshake closed |
      | closes | after the server hello  | handshake closed |
      | resets | before the client hello | handshake reset  |
      | resets | after the client hello  | handshake reset  |
      | resets | after the server hello  | handshake reset  |

  Scenario Outline: a listener that sends <what> speaks no TLS
    Given the listener "rude" sends <what> after the client hello
    When client "alice" tries to connect to the listener "rude" over TLS trusting certificate "ca"
    Then client "alice" sees not TLS

    Examples:
      | what       |
      | garbage    |
      | plain text |

  Scenario Outline: the alert <alert> is passed on by name
    Given the listener "rude" sends the TLS alert "<alert>" after the client hello
    When client "alice" tries to connect to the listener "rude" over TLS trusting certificate "ca"
    Then client "alice" receives the TLS alert "<alert>"

    Examples:
      | alert                    |
      | handshake_failure        |
      | internal_error           |
      | unrecognized_name        |
      | insufficient_security    |

  Scenario: no version in common
    Given the listener "rude" offers only TLS 1.1
    When client "alice" tries to connect to the listener "rude" over TLS trusting certificate "ca"
    Then client "alice" sees protocol version error

  Scenario: a client without TLS
    When client "alice" connects to the listener "rude"
    And client "alice" sends "hello, is anybody there?\r\n"
    Then the listener "rude" sees not TLS
    And client "alice" is disconnected

  @simulated
  Scenario: a client that says nothing is given up as well
    When client "alice" connects to the listener "rude"
    Then the listener "rude" sees handshake timeout within 10 s

  @simulated
  Scenario: an answer that takes its time is waited for
    Given the listener "rude" waits 8 s after the client hello
    When client "alice" connects to the listener "rude" over TLS trusting certificate "ca"
    And client "alice" sends "patience"
    Then client "alice" receives "patience"

  @simulated
  Scenario: a handshake in drops is done all the same
    Given the listener "rude" handshakes one byte every 2 ms
    When client "alice" connects to the listener "rude" over TLS trusting certificate "ca"
    And client "alice" sends "drop by drop"
    Then client "alice" receives "drop by drop"
