Feature: What a proxy refuses
  Whatever is refused leaves everything as it was: no fault is attached by half, no connection ends.

  Background:
    Given a listener "echo" that echoes
    And a proxy "flaky" in front of the listener "echo"
    And a client "alice" connected to the proxy "flaky"

  Scenario: a kind of fault that there is not
    When the proxy "flaky" is given the fault "latancy" in vain
    Then that fails with EINVALIDFAULT at the option "type"

  Scenario: a fault without what it needs
    When the proxy "flaky" is given the fault "truncate" in vain
    Then that fails with EINVALIDFAULT at the option "attributes.after"
    When client "alice" sends "untouched"
    Then client "alice" receives exactly "untouched"

  Scenario: a fault that is there already
    Given the proxy "flaky" has the fault "noop"
    When the proxy "flaky" is given the fault "noop" in vain
    Then that fails with ETOXICEXISTS at the option "noop_downstream"

  Scenario: a fault that is not there
    When the fault "noop" of the proxy "flaky" is removed in vain
    Then that fails with ETOXICNOTFOUND at the option "noop"

  @simulated
  Scenario: a fault that has gone by itself
    Given the proxy "flaky" has the fault "hold":
      | name              | pause |
      | schedule.duration | 5 s   |
    When client "alice" sends "PING"
    And 6 s pass
    Then client "alice" receives exactly "PING"
    When the fault "pause" of the proxy "flaky" is removed in vain
    Then that fails with ETOXICNOTFOUND at the option "pause"

  Scenario: a name that a set of proxies has already, and one that it does not have
    Given a set of proxies with a proxy "db" in front of 127.0.0.1:1
    When a second proxy "db" is put into the set in vain
    Then that fails with EPROXYEXISTS at the option "db"
    When the set is asked for the proxy "bd" in vain
    Then that fails with EPROXYNOTFOUND at the option "bd"
