#include "laboratory/convergence_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace evotune {
namespace {

constexpr double panel_width = 360, panel_height = 240, margin = 46, legend_height = 34;
constexpr std::size_t panels_a_row = 3;
constexpr std::array colours{"#1f77b4", "#d62728", "#2ca02c", "#ff7f0e",
                             "#9467bd", "#8c564b", "#e377c2", "#17becf"};
constexpr std::array ticks{1.0, 1.01, 1.02, 1.05, 1.1, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0};
constexpr double closest = 0.005;  // to the optimum that is still told apart

struct Band {
  std::vector<double> low, mean, high;  ///< over the optimum
};

Band band_of(const std::vector<Trace>& traces, const Yardstick& yardstick, std::size_t count) {
  std::vector<std::vector<double>> curves;
  for (const Trace& trace : traces) curves.push_back(curve_of(trace, yardstick, count));
  Band band;
  for (std::size_t k = 0; k < count; ++k) {
    std::vector<double> here;
    double sum = 0;
    for (const std::vector<double>& curve : curves) {
      here.push_back(curve[k] / yardstick.optimum());
      sum += here.back();
    }
    std::sort(here.begin(), here.end());
    band.low.push_back(here[here.size() / 10]);
    band.mean.push_back(sum / static_cast<double>(here.size()));
    band.high.push_back(here[here.size() - 1 - here.size() / 10]);
  }
  return band;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text)
    result += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return result;
}

/// Where things are in one panel: evaluations and closeness to the optimum, both logarithmic.
struct Panel {
  double left = 0, top = 0, most = 1, highest = 2;

  [[nodiscard]] double x(double evaluations) const {
    return left + (panel_width - margin) * std::log(evaluations) / std::log(std::max(most, 2.0));
  }
  [[nodiscard]] double y(double ratio) const {
    const auto height = [](double r) { return std::log(std::max(r - 1, 0.0) + closest); };
    const double part = (height(ratio) - height(1)) / (height(highest) - height(1));
    return top + (panel_height - margin) * (1 - std::clamp(part, 0.0, 1.0));
  }
  [[nodiscard]] std::string points(const std::vector<double>& ratios) const {
    std::string text;
    for (std::size_t k = 0; k < ratios.size(); ++k)
      text += fmt::format("{:.1f},{:.1f} ", x(static_cast<double>(k + 1)), y(ratios[k]));
    return text;
  }
};

std::string axes(const Panel& panel, const std::string& title) {
  const double right = panel.left + panel_width - margin;
  const double bottom = panel.top + panel_height - margin;
  std::string svg = fmt::format(
      "<text x='{:.1f}' y='{:.1f}' font-weight='bold'>{}</text>\n<rect x='{:.1f}' y='{:.1f}' "
      "width='{:.1f}' height='{:.1f}' fill='none' stroke='#999'/>\n",
      panel.left, panel.top - 5, escaped(title), panel.left, panel.top, right - panel.left,
      bottom - panel.top);
  for (const double tick : ticks)
    if (tick <= panel.highest)
      svg += fmt::format(
          "<line x1='{0:.1f}' x2='{1:.1f}' y1='{2:.1f}' y2='{2:.1f}' stroke='#ddd'/>"
          "<text x='{3:.1f}' y='{4:.1f}' text-anchor='end'>{5}</text>\n",
          panel.left, right, panel.y(tick), panel.left - 4, panel.y(tick) + 3, tick);
  for (double k = 1; k <= panel.most; k *= 10)
    svg += fmt::format("<text x='{:.1f}' y='{:.1f}' text-anchor='middle'>{}</text>\n", panel.x(k),
                       bottom + 12, k);
  return svg;
}

std::string drawn(const Panel& panel, const Band& band, const char* colour) {
  std::string outline = panel.points(band.high);
  for (std::size_t k = band.low.size(); k-- > 0;)
    outline +=
        fmt::format("{:.1f},{:.1f} ", panel.x(static_cast<double>(k + 1)), panel.y(band.low[k]));
  return fmt::format(
      "<polygon points='{}' fill='{}' fill-opacity='0.15'/>\n<polyline points='{}' fill='none' "
      "stroke='{}' stroke-width='1.5'/>\n",
      outline, colour, panel.points(band.mean), colour);
}

std::string panel_of(const SpaceRecording& recording, std::size_t number,
                     const std::vector<const Series*>& all) {
  const Yardstick yardstick(recording);
  std::size_t count = 1;
  for (const Series* series : all)
    for (const Trace& trace : series->traces) count = std::max(count, trace.best_ms.size());
  std::vector<double> random = yardstick.random_search(count);
  for (double& ms : random) ms /= yardstick.optimum();
  Panel panel;
  panel.left = margin + static_cast<double>(number % panels_a_row) * panel_width;
  panel.top = legend_height + 20 + static_cast<double>(number / panels_a_row) * panel_height;
  panel.most = static_cast<double>(count);
  panel.highest = std::max(random.front(), 1.05);
  std::string svg = axes(panel, recording.name);
  svg += fmt::format("<polyline points='{}' fill='none' stroke='#444' stroke-dasharray='4 3'/>\n",
                     panel.points(random));
  for (const Series* series : all)
    svg += drawn(panel, band_of(series->traces, yardstick, count),
                 colours[series->contestant % colours.size()]);
  return svg;
}

std::string legend(const std::vector<Contestant>& contestants) {
  std::string svg = "<text x='46' y='20' fill='#444'>- - random (exact)</text>\n";
  double x = 180;
  for (std::size_t c = 0; c < contestants.size(); ++c) {
    svg += fmt::format("<text x='{:.1f}' y='20' fill='{}' font-weight='bold'>{}</text>\n", x,
                       colours[c % colours.size()], escaped(contestants[c].label));
    x += 30 + 7 * static_cast<double>(contestants[c].label.size());
  }
  return svg;
}

}  // namespace

std::string convergence_plot(const std::vector<SpaceRecording>& recordings,
                             const std::vector<Contestant>& contestants,
                             const std::vector<Series>& all) {
  const std::size_t rows = (recordings.size() + panels_a_row - 1) / panels_a_row;
  const std::size_t columns = std::min(recordings.size(), panels_a_row);
  std::string svg = fmt::format(
      "<svg xmlns='http://www.w3.org/2000/svg' width='{}' height='{}' font-family='sans-serif' "
      "font-size='10'>\n<rect width='100%' height='100%' fill='white'/>\n",
      margin + panel_width * static_cast<double>(std::max<std::size_t>(columns, 2)),
      legend_height + 20 + panel_height * static_cast<double>(rows));
  svg += legend(contestants);
  for (std::size_t r = 0; r < recordings.size(); ++r) {
    std::vector<const Series*> here;
    for (const Series& series : all)
      if (series.recording == r) here.push_back(&series);
    svg += panel_of(recordings[r], r, here);
  }
  return svg + "</svg>\n";
}

}  // namespace evotune
