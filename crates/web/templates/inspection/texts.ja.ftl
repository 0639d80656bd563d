## 検品の記録：納品物をどう検品したか。町と発注者が同じ文を読む
inspection-title = 検品の記録
inspection-by-others = 検品は、作った人とは別の人がしています。
inspection-all = 納品した{ $count }件を、すべて人の目で検品しました。
inspection-some = 納品した{ $units }件のうち{ $looked }件を、人の目で検品しました。ほかは、抜き取りの計画で検品しないことになったものです。
inspection-two = うち{ $count }件は、2人が順に検品しました。
inspection-faults-none = 検品で記録した不具合はありません。
inspection-faults = 検品で記録した不具合：{ $found }。直したあとの納品物に残るもの：{ $left }。
inspection-fault = { $severity } { $number }件
inspection-between = 、
inspection-sample = 抜き取りの対象{ $of }件からくじで{ $drawn }件を選んで検品し、{ $faulty }件に不具合がありました。不具合は直してから納品しています。
inspection-rate = 検品していないもののうち不具合のある割合は、{ $low }〜{ $high }％と見込まれます（くじで選んだ{ $drawn }件中{ $faulty }件から。確からしさ{ $sure }％、クロッパー・ピアソンの正確な区間）。
inspection-bad-passes = 10件に1件の割合で不具合があったとしても、不具合がこれだけしか見つからない納品は、およそ{ $times }回に1回です。
inspection-bad-never-passes = 10件に1件の割合で不具合があったとしたら、不具合がこれだけしか見つからない納品は、まずありません。
inspection-nothing-drawn = この納品では、くじで検品することになったものがありませんでした。検品していないもののうち不具合のある割合は、わかりません。
