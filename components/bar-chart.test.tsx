import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { BarChart, ShareList } from "./bar-chart";
import { HeatMap } from "./heat-map";
import { axisTop, extent, inkOf, labelStride } from "./chart-scale";

test.each([
  [[0], 100],
  [[99, 100], 100],
  [[101], 200],
  [[38_50], 50_00],
  [[5_614_20, 12], 10_000_00],
  [[2_000_00], 2_000_00],
])("the axis over %j ends at %i", (values, top) => {
  expect(axisTop(values.map(BigInt))).toBe(BigInt(top));
});

test("what is there is seen, and what is nothing is not", () => {
  expect([extent(0n, 100n, 200), extent(1n, 1_000_000n, 200), extent(50n, 100n, 200), extent(100n, 100n, 200), extent(-5n, 100n, 200)]).toEqual([0, 2, 100, 200, 0]);
  expect([labelStride(7, 12), labelStride(12, 12), labelStride(31, 12), labelStride(0, 12)]).toEqual([1, 1, 3, 1]);
});

test("a chart has a name, a bar for each value and a table with the same numbers", () => {
  const rows = [{ key: "a", when: "8h", value: 1_000n }, { key: "b", when: "9h", value: 0n }, { key: "c", when: "<b>10h</b>", value: 2_500n }];
  const html = renderToStaticMarkup(
    <BarChart
      label="Vendas por hora"
      axis={(value) => `R$ ${value / 100n}`}
      bars={rows.map(({ key, when, value }) => ({ key, label: when, title: `${when}: ${value}`, value, ...(key === "b" && { compared: 500n }), isNow: key === "c" }))}
      table={{ open: "Ver em tabela", caption: "Vendas", columns: [{ key: "when", head: "Quando", cell: ({ when }) => when, phone: "title" }, { key: "value", head: "Valor", cell: ({ value }) => String(value), phone: "amount" }], rows, rowKey: ({ key }) => key }}
    />,
  );
  expect(html).toContain('role="img" aria-label="Vendas por hora"');
  expect(html.match(/fill-brand"/g)).toHaveLength(1);
  expect(html.match(/fill-reward"/g)).toHaveLength(1);
  expect(html.match(/fill-brand-soft stroke-field"/g)).toHaveLength(1);
  expect(html).toContain("<title>&lt;b&gt;10h&lt;/b&gt;: 2500</title>");
  expect(html).toMatch(/<details[^>]*><summary/);
  for (const { value } of rows) expect(html).toContain(`>${value}</td>`);
  expect(html).not.toMatch(/NaN|undefined/);
});

test("no bars at all are an empty drawing, not a broken one", () => {
  const html = renderToStaticMarkup(<BarChart label="Vendas" axis={String} bars={[]} table={{ open: "Ver", caption: "Vendas", columns: [], rows: [], rowKey: () => "" }} />);
  expect(html).not.toMatch(/NaN|Infinity|undefined/);
});

test("a list of shares says each number in words", () => {
  const html = renderToStaticMarkup(<ShareList shares={[{ key: "a", name: "Lucas", amount: "R$ 27,50", line: "1 pagamento", value: 2_750n }, { key: "b", name: "Bia", amount: "R$ 0,00", value: 0n }]} />);
  expect(html).toContain("Lucas");
  expect(html).toContain("R$ 27,50");
  expect(html).toContain('width="100%" height="6" rx="3" class="fill-brand"');
});

test("a heat map has a name, inks its strongest field fully and what is nothing not at all, and a table with the same numbers", () => {
  expect([inkOf(0n, 100n), inkOf(1n, 1_000_000n), inkOf(50n, 100n), inkOf(100n, 100n), inkOf(5n, 0n)]).toEqual([0, 0.2, 0.6, 1, 0]);
  const cells = [{ key: "7", value: 0n }, { key: "8", value: 500n }, { key: "9", value: 1_000n }];
  const html = renderToStaticMarkup(
    <HeatMap
      label="Horários"
      columns={cells.map(({ key }) => `${key}h`)}
      scale={{ less: "Menos", more: "Mais" }}
      rows={[{ key: "1", label: "seg", cells: cells.map((cell) => ({ ...cell, title: `<i>${cell.key}h</i>` })) }]}
      table={{ open: "Ver em tabela", caption: "Vendas", columns: [{ key: "value", head: "Valor", cell: ({ value }) => String(value), phone: "amount" }], rows: cells, rowKey: ({ key }) => key }}
    />,
  );
  expect(html).toContain('role="img" aria-label="Horários"');
  expect(html.match(/<title>&lt;i&gt;\dh&lt;\/i&gt;<\/title><rect[^>]*fill-opacity="(?:0|0\.6|1)"/g)).toHaveLength(3);
  for (const { value } of cells) expect(html).toContain(`>${value}</td>`);
  expect(html).not.toMatch(/NaN|undefined/);
});
