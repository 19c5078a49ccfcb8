// How the report is laid out. Paths are seen from the folder that `python -m reports.allure` is given; it also says
// what the verdict is, which becomes the name of the report, and where to write.

const tagged = (tag, ...statuses) => ({ labels: { tag: new RegExp(`^${tag}$`) }, statuses });

export default {
  name: process.env.CONFORMANCE_NAME ?? "Conformance to the Organizations API",
  output: process.env.CONFORMANCE_OUTPUT ?? "allure-report",
  historyPath: "allure-history.jsonl",
  appendHistory: true,
  historyLimit: 50,
  hideLabels: ["epic", "framework", "story"], // the same for every result
  categories: {
    rules: [
      { name: "Findings", matchers: tagged("finding", "failed"), groupByMessage: false, expand: true },
      { name: "Deviations that no longer occur", matchers: tagged("outdated", "failed"), groupByMessage: false },
      { name: "Bugs of the suite itself", matchers: { statuses: ["broken"] }, groupByMessage: false },
      { name: "Warnings", matchers: tagged("warning", "unknown"), groupByMessage: false },
      { name: "Accepted deviations", matchers: tagged("deviation", "skipped"), groupByMessage: false },
      { name: "Blocked by something that does not work at all", matchers: tagged("blocked", "skipped") },
    ],
  },
  plugins: {
    awesome: {
      options: {
        singleFile: true,
        reportLanguage: "en",
        groupBy: ["feature"],
        defaultSortBy: "status,asc",
        sections: ["report"], // no charts and no timeline: of a single run they show nothing
      },
    },
  },
};
