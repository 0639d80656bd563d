# What a worker can do and learns: plain words.
learning-title = できること・研修
learning-answer = いま使えるスキルは { $count }つです
learning-skills = できること
learning-until = { $day }まで
learning-for-good = 期限はありません
learning-no-skills = まだ登録されたスキルはありません
learning-no-skills-text = 研修を受けたり、試しの作業をしたりすると、センターがここに登録します。
