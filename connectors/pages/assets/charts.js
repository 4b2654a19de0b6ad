// Draws the charts of a page from the data beside them; the same numbers stand in the table under each.
import { init } from "./echarts.js";

const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle"];
const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [2, 6]];
const NARROW = 500; // px
const dark = matchMedia("(prefers-color-scheme: dark)"), paper = matchMedia("print");

function show(figure) {
  const box = figure.querySelector("[role=img]");
  const facts = JSON.parse(figure.querySelector("script").textContent);
  const shape = { months, fields }[facts.shape];
  box.style.height = `${shape.height(facts)}px`;
  const chart = init(box, null, { renderer: "svg" });
  const redraw = () => chart.setOption({ ...usual(), ...shape.draw(facts, box.clientWidth < NARROW) }, true);
  redraw();
  chart.on("click", ({ data }) => { if (data?.way) location = data.way; });
  const fit = () => { chart.resize(); redraw(); };
  dark.addEventListener("change", redraw);
  paper.addEventListener("change", fit); // nothing observes sizes while a page is laid out for paper
  new ResizeObserver(fit).observe(box);
}

// All cases are columns, groups are lines; counts are columns made up of groups. A legend names them.
const months = {
  height: ({ lines }) => lines.length > 1 ? 320 : 220,
  draw({ unit, months, lines, stacked }, narrow) {
    const bare = lines.length < 2, column = { type: "bar", barMaxWidth: 64 };
    const all = { ...column, itemStyle: { opacity: .45 }, label: { show: bare && !narrow, position: "top", ...ink(),
      formatter: ({ data }) => data.text.replace(/, n=.*/, "") } };
    const group = (n) => stacked ? { ...column, stack: "all" }
      : { type: "line", symbol: SYMBOLS[n], symbolSize: 8, lineStyle: { type: DASHES[n], width: 2 } };
    return {
      color: [tone("--edge"), ...["--main", "--bad", "--calm", "--warn", "--good"].map(tone)],
      aria: { enabled: Boolean(stacked), label: { enabled: false }, decal: { show: true } },
      legend: bare ? undefined : { type: "scroll", bottom: 0, textStyle: { color: tone("--ink") } },
      grid: { left: 4, right: 8, top: 32, bottom: bare ? 4 : 36, containLabel: true },
      tooltip: {
        trigger: "axis",
        formatter: (shown) => [shown[0].axisValue, ...shown.filter(({ data }) => data).map(
          ({ seriesName, data }) => plain(`${seriesName}: ${data.text}`))].join("\n"),
        ...tip(),
      },
      xAxis: { type: "category", data: months, axisLine: line("--edge"), axisLabel: ink() },
      yAxis: {
        type: "value", name: unit, minInterval: unit ? 0 : 1, nameTextStyle: { ...ink(), align: "left" },
        axisLabel: ink(), splitLine: line("--line"),
      },
      series: lines.map(({ name, points }, n) => ({ name, data: points, ...(n ? group(n - 1) : stacked ? group() : all) })),
    };
  },
};

// Fields of a stronger colour have higher values; each says its own where there is room.
const fields = {
  height: ({ rows }) => 24 * rows.length + 110,
  draw({ rows, columns, fields }, narrow) {
    const values = fields.map(({ value }) => value);
    return {
      grid: { left: 4, right: 8, top: 4, bottom: 4, containLabel: true },
      tooltip: {
        formatter: ({ data }) => plain(`${rows[data.row]} · ${columns[data.column]}: ${data.text}`), ...tip(),
      },
      xAxis: { type: "category", data: columns, axisLine: line("--edge"), splitArea: { show: false },
        axisLabel: { ...ink(), interval: 0, rotate: 40, width: 110, overflow: "truncate" } },
      yAxis: { type: "category", data: rows, inverse: true, axisLine: line("--edge"),
        axisLabel: { ...ink(), interval: 0, width: narrow ? 90 : 170, overflow: "truncate" } },
      visualMap: { show: false, min: Math.min(0, ...values), max: Math.max(...values), dimension: 2,
        inRange: { color: [tone("--main")], opacity: [.04, .45] } },
      series: [{
        type: "heatmap",
        data: fields.map((field) => ({ ...field, value: [field.column, field.row, field.value] })),
        label: { show: !narrow && columns.length <= 8, ...ink(), formatter: ({ data }) => data.text },
        itemStyle: { borderColor: tone("--ground"), borderWidth: 1 },
      }],
    };
  },
};

function usual() {
  return { animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: tone("--ink") } };
}

// Not as HTML: its styles would break the rules of the page.
function tip() {
  return {
    renderMode: "richText", confine: true, backgroundColor: tone("--paper"), borderColor: tone("--edge"),
    textStyle: { color: tone("--ink"), fontSize: 13 },
  };
}

function plain(text) {
  return text.replace(/[{}|]/g, " "); // the marks of rich text
}

function ink() {
  return { color: tone("--ink"), fontSize: 12 };
}

function line(name) {
  return { lineStyle: { color: tone(name) } };
}

function tone(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

document.documentElement.classList.add("scripted");
for (const figure of document.querySelectorAll("figure.chart")) show(figure);
