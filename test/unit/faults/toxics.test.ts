/** Every toxic of Toxiproxy with exact times, on the virtual clock. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onLink } from './link-bench';

test('latency delays each chunk from its arrival, side by side, and a FIN behind them', () =>
  onLink([{ type: 'latency', attributes: { latency: 100 } }], async (link) => {
    link.send('a');
    await link.at(30);
    link.send('b');
    link.fin();
    await link.at(500);

    assert.deepEqual(link.out, ['100 a', '130 b', '130 fin']);
  }));

test('latency delays neither a FIN nor a RST without data', () =>
  onLink([{ type: 'latency', attributes: { latency: 100 } }], async (link) => {
    await link.at(10);
    link.broken();

    assert.deepEqual(link.out, ['10 broken']);
  }));

test('two latencies add up', () =>
  onLink(
    [
      { type: 'latency', name: 'one', attributes: { latency: 100 } },
      { type: 'latency', name: 'two', attributes: { latency: 150 } },
    ],
    async (link) => {
      link.send('a');
      await link.at(300);

      assert.deepEqual(link.out, ['250 a']);
    },
  ));

test('jitter is a whole number of ms from minus itself to itself less one, and keeps the order', async () => {
  for (const [chance, expected] of [
    [0, 80],
    [0.5, 100],
    [0.999, 119],
  ] as const) {
    await onLink(
      [{ type: 'latency', attributes: { latency: 100, jitter: 20 } }],
      async (link) => {
        link.send('a');
        await link.at(300);

        assert.deepEqual(link.out, [`${expected} a`]);
      },
      () => chance,
    );
  }
  await onLink(
    [{ type: 'latency', attributes: { latency: 100, jitter: 20 } }],
    async (link) => {
      link.send('late');
      link.send('early');
      await link.at(300);

      assert.deepEqual(link.out, ['119 late', '119 early']);
    },
    (_purpose, n) => (n === 0 ? 0.999 : 0),
  );
});

test('an update of latency counts for all chunks that wait, from their arrival', () =>
  onLink([{ type: 'latency', attributes: { latency: 1_000 } }], async (link) => {
    for (const [ms, text] of [
      [0, 'a'],
      [23, 'b'],
      [43, 'c'],
    ] as const) {
      await link.at(ms);
      link.send(text);
    }
    await link.at(207);
    link.update(0, { latency: 400 });
    await link.at(2_000);

    assert.deepEqual(link.out, ['400 a', '423 b', '443 c']);
  }));

test('a latency that is removed lets everything go at once, in order', () =>
  onLink([{ type: 'latency', attributes: { latency: 1_000 } }], async (link) => {
    link.send('a');
    link.send('b');
    link.fin();
    await link.at(203);
    link.remove(0);
    link.send('c');

    assert.deepEqual(link.out, ['203 a', '203 b', '203 fin', '203 c']);
  }));

test('bandwidth cuts into slices of 100 ms and keeps an absolute schedule', () =>
  onLink([{ type: 'bandwidth', attributes: { rate: 100 } }], async (link) => {
    link.send('x'.repeat(25_000));
    link.send('y'.repeat(1_000));
    await link.at(60);
    link.fin();
    await link.at(1_000);

    assert.deepEqual(link.out, [
      '100 10000 B',
      '200 10000 B',
      '250 5000 B',
      '260 1000 B',
      '260 fin',
    ]);
  }));

test('bandwidth gives no credit for idle time', () =>
  onLink([{ type: 'bandwidth', attributes: { rate: 1 } }], async (link) => {
    link.send('x'.repeat(30));
    await link.at(500);
    link.send('y'.repeat(30));
    await link.at(1_000);

    assert.deepEqual(link.out, ['30 30 B', '530 30 B']);
  }));

test('a bandwidth of 0 stalls without a timer, and goes on with the new rate', () =>
  onLink([{ type: 'bandwidth', attributes: { rate: 0 } }], async (link) => {
    link.send('x'.repeat(50));
    assert.equal(link.world.scope.leaks().timers.length, 0);
    assert.equal(link.pipeline.mayRead(1_000_000), false);
    await link.at(300);
    link.update(0, { rate: 1 });
    await link.at(1_000);

    assert.deepEqual(link.out, ['350 50 B']);
  }));

test('an update of bandwidth counts for what waits from its start', () =>
  onLink([{ type: 'bandwidth', attributes: { rate: 1 } }], async (link) => {
    link.send('x'.repeat(80));
    await link.at(20);
    link.update(0, { rate: 2 });
    await link.at(1_000);

    assert.deepEqual(link.out, ['40 80 B']);
  }));

test('bytes_per_second wins over rate; after and burst let the first bytes pass', async () => {
  await onLink(
    [{ type: 'bandwidth', attributes: { rate: 9, bytes_per_second: 100 } }],
    async (link) => {
      link.send('0123456789');
      await link.at(1_000);
      assert.deepEqual(link.out, ['100 0123456789']);
    },
  );
  await onLink([{ type: 'bandwidth', attributes: { rate: 1, after: 4 } }], async (link) => {
    link.send('0123456789');
    await link.at(1_000);
    assert.deepEqual(link.out, ['0 0123', '6 456789']);
  });
  await onLink([{ type: 'bandwidth', attributes: { rate: 1, burst: 100 } }], async (link) => {
    link.send('x'.repeat(100));
    link.send('y'.repeat(30));
    await link.at(1_000);
    link.send('z'.repeat(30));
    await link.at(2_000);
    assert.deepEqual(link.out, ['0 100 B', '30 30 B', '1000 30 B']);
  });
});

test('slow_close lets bytes pass and the FIN wait; an update waits anew, a removal closes at once', async () => {
  await onLink([{ type: 'slow_close', attributes: { delay: 100 } }], async (link) => {
    link.send('a');
    link.fin();
    await link.at(500);
    assert.deepEqual(link.out, ['0 a', '100 fin']);
  });
  await onLink([{ type: 'slow_close', attributes: { delay: 1_000 } }], async (link) => {
    link.fin();
    await link.at(101);
    link.update(0, { delay: 200 });
    await link.at(500);
    assert.deepEqual(link.out, ['301 fin']);
  });
  await onLink([{ type: 'slow_close', attributes: { delay: 1_000 } }], async (link) => {
    link.fin();
    await link.at(101);
    link.remove(0);
    assert.deepEqual(link.out, ['101 fin']);
  });
});

test('timeout swallows, closes after silence, and every chunk starts the silence anew', async () => {
  await onLink([{ type: 'timeout', attributes: { timeout: 300 } }], async (link) => {
    for (const ms of [0, 150, 300, 450, 604]) {
      await link.at(ms);
      link.send('x');
    }
    await link.at(2_000);
    assert.deepEqual(link.out, ['904 end close']);
  });
  await onLink([{ type: 'timeout', attributes: { timeout: 0 } }], async (link) => {
    link.send('x');
    await link.at(100_000);
    assert.deepEqual(link.out, []);
    link.fin();
    assert.deepEqual(link.out, ['100000 end close']);
  });
  await onLink([{ type: 'timeout', attributes: { timeout: 0 } }], async (link) => {
    link.remove(0);
    assert.deepEqual(link.out, ['0 end close']);
  });
});

test('reset_peer waits from the first chunk, and an update counts from there too', async () => {
  await onLink([{ type: 'reset_peer', attributes: { timeout: 100 } }], async (link) => {
    await link.at(300);
    link.send('x');
    await link.at(350);
    link.send('y');
    await link.at(1_000);
    assert.deepEqual(link.out, ['400 reset both']);
  });
  await onLink(
    [{ type: 'reset_peer', attributes: { timeout: 1_000, side: 'client' } }],
    async (link) => {
      link.fin();
      await link.at(50);
      link.update(0, { timeout: 80, side: 'client' });
      await link.at(1_000);
      assert.deepEqual(link.out, ['80 reset client']);
    },
  );
});

test('slicer halves chunks, and each piece is followed by the delay', () =>
  onLink(
    [{ type: 'slicer', attributes: { average_size: 3, size_variation: 0, delay: 500 } }],
    async (link) => {
      link.send('0123456789');
      link.send('next');
      await link.at(100);

      assert.deepEqual(link.out, ['0 01', '0.5 234', '1 56', '1.5 789', '2 ne', '2.5 xt']);
    },
  ));

test('slicer with a variation above its average makes no empty piece, and 0 cuts nothing', async () => {
  for (const chance of [0, 0.25, 0.5, 0.75, 0.999]) {
    await onLink(
      [{ type: 'slicer', attributes: { average_size: 4, size_variation: 90 } }],
      async (link) => {
        link.send('x'.repeat(64));
        assert.equal(link.bytes(), 'x'.repeat(64));
        assert.ok(link.out.length > 1);
      },
      () => chance,
    );
  }
  await onLink([{ type: 'slicer' }], async (link) => {
    link.send('whole');
    assert.deepEqual(link.out, ['0 whole']);
  });
});

test('limit_data closes the moment its total is reached, and 0 at the first chunk', async () => {
  await onLink([{ type: 'limit_data', attributes: { bytes: 4 } }], async (link) => {
    link.send('ab');
    link.send('cd');
    link.send('ef');
    assert.deepEqual(link.out, ['0 ab', '0 cd', '0 end close']);
  });
  await onLink([{ type: 'limit_data' }], async (link) => {
    await link.at(10);
    assert.deepEqual(link.out, []);
    link.send('a');
    assert.deepEqual(link.out, ['10 end close']);
  });
});

test('the end that a fault decides comes behind what waits in the faults after it', () =>
  onLink(
    [
      { type: 'limit_data', attributes: { bytes: 2 } },
      { type: 'latency', attributes: { latency: 50 } },
    ],
    async (link) => {
      link.send('abc');
      await link.at(100);

      assert.deepEqual(link.out, ['50 ab', '50 end close']);
    },
  ));

test('packet_loss drops whole chunks, noop none', async () => {
  await onLink(
    [{ type: 'packet_loss', attributes: { loss_rate: 0.5 } }, { type: 'noop' }],
    async (link) => {
      for (const text of ['a', 'b', 'c']) link.send(text);
      assert.deepEqual(link.out, ['0 b']);
    },
    (_purpose, n) => (n === 1 ? 0.9 : 0.1),
  );
});

test('a link arms one timer for all its faults and chunks', () =>
  onLink(
    [
      { type: 'latency', attributes: { latency: 100 } },
      { type: 'slow_close', attributes: { delay: 10 } },
      { type: 'bandwidth', attributes: { rate: 1 } },
    ],
    async (link) => {
      for (let chunk = 0; chunk < 100; chunk++) link.send('x');
      link.fin();

      assert.equal(link.world.scope.leaks().timers.length, 1);
    },
  ));
