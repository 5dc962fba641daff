/** Light and dark from one set of names. Old and new differ in lightness too, for eyes that do not part blue from green. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --card: #f6f7f9; --ink: #1a1f29; --soft: #5a6475; --line: #dfe3ea; --ground: #eef1f5;
  --blue: #3566c9; --green: #5cc296; --floor: #1a1f29; --good: #157347; --bad: #c02b3a; --warn: #946200; --swap: #f3d9a4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12151b; --card: #1b2029; --ink: #e8ebf1; --soft: #9aa5b7; --line: #2c3442; --ground: #1f2530;
    --blue: #4673dd; --green: #3aa67c; --floor: #ffffff; --good: #4cc38a; --bad: #ff6b76; --warn: #e2b04a; --swap: #5c4a20;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 36px 28px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 40px 0 12px; }
h3 { font-size: 15px; margin: 24px 0 8px; }
p { margin: 0 0 8px; } .soft { color: var(--soft); }
.badge { display: inline-block; padding: 2px 12px; border-radius: 99px; font-weight: 600; font-size: 14px; color: var(--paper); margin-bottom: 12px; }
.badge.good { background: var(--good); } .badge.bad { background: var(--bad); }
.checks { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 12px; margin: 24px 0 0; }
.check { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.check b { display: block; font-size: 30px; line-height: 1.1; font-variant-numeric: tabular-nums; color: var(--good); }
.check.found { border-color: var(--bad); } .check.found b { color: var(--bad); }
.check span { display: block; font-weight: 600; } .check small { color: var(--soft); }
.findings { border-left: 3px solid var(--bad); padding-left: 14px; margin: 18px 0 0; }
.doubts { border-left: 3px solid var(--warn); padding-left: 14px; margin: 18px 0 0; }
ul { margin: 0; padding-left: 20px; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 22px; color: var(--soft); font-size: 13px; margin-bottom: 10px; }
.legend i { display: inline-block; width: 16px; height: 11px; border-radius: 3px; margin-right: 7px; vertical-align: -1px; }
.scroll { overflow-x: auto; } svg { display: block; min-width: 860px; width: 100%; height: auto; font: 12px system-ui, "DejaVu Sans", sans-serif; }
svg .heading { font-weight: 600; fill: var(--ink); font-size: 13px; } svg .tick { text-anchor: middle; fill: var(--soft); font-size: 11px; }
svg .name { text-anchor: end; fill: var(--ink); } svg .note { text-anchor: end; fill: var(--soft); font-size: 10.5px; }
svg .scale { fill: var(--soft); font-size: 9.5px; } svg .took { fill: var(--soft); font-size: 10.5px; } svg .took.before { text-anchor: end; }
svg .grid { stroke: var(--line); } svg .ground { fill: var(--ground); } svg .blue { fill: var(--blue); } svg .green { fill: var(--green); }
svg .floor { fill: none; stroke: var(--floor); stroke-width: 1.5; stroke-dasharray: 4 3; } svg .violation { stroke: var(--bad); stroke-width: 3; }
svg .span { fill: var(--soft); } svg .span.create { fill: var(--green); } svg .span.delete { fill: var(--blue); } svg .span.failed { fill: var(--bad); }
svg .swap { fill: var(--swap); opacity: 0.75; } svg .swapLabel { fill: var(--warn); font-size: 11px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; } td, th { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; } tr.broken td { color: var(--bad); font-weight: 600; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; overflow-x: auto; font: 12.5px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
details { margin: 10px 0; } summary { cursor: pointer; font-weight: 600; }
`;
