Feature: How TLS ends
  Under TLS an end is said twice: close_notify inside, FIN outside. FIN alone may be the work of
  somebody in between, and Node does not tell. A scenario can.

  Background:
    Given a listener "echo" that echoes
    And a certificate "leaf" for "localhost" signed by certificate "ca"
    And the listener "echo" speaks TLS with certificate "leaf"

  Scenario: an end without close notify is seen
    Given the listener "echo" ends without close notify
    When client "alice" connects to the listener "echo" over TLS trusting certificate "ca"
    And the listener "echo" closes every connection
    Then client "alice" sees end of stream
    And client "alice" got no close notify

  Scenario: a reset under TLS is a reset
    When client "alice" connects to the listener "echo" over TLS trusting certificate "ca"
    And client "alice" resets the connection
    Then the listener "echo" sees connection reset
